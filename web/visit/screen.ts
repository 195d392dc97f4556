// A screen: what stands under a heading, where back leads, and whether it may be drawn anew while somebody looks at it.
export type Screen = {
  title: string;
  body: (Node | string)[];
  back?: string;
  /** The visit that a call for help from here belongs to. */
  visit?: string;
  /** Drawn anew when visits or elders changed; never a screen with a form. */
  live?: boolean;
  /** What this was drawn from: where that is another by now, the person is told and draws it anew. */
  from?: () => string;
};
