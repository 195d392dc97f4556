// Drawings are bundled as text.
declare module '*.svg' {
  const drawing: string;
  export default drawing;
}
