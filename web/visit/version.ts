// Which build this is; build.mjs puts the hash of its files in the place of the name.
export const version = '@VERSION@';
