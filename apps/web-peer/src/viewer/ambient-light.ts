const WIDTH_PX = 48;
const HEIGHT_PX = 40;
/** The picture is drawn into the upper part, beyond the sides, so that its light fades out below. */
const LIT_PX = 30;
const DRAW_MS = 800;
/** Each drawing covers the one before only in part, so that a cut in the picture becomes a slow change of light. */
const FRESH = 0.4;
const STRENGTH = 0.26;

/**
 * Lets the picture's colours shine faintly on the page around it. The canvas is tiny and blurred before it is stretched:
 * a blur of the stretched one would cost more than playing the video.
 */
export function ambientLight(canvas: HTMLCanvasElement, video: HTMLVideoElement): void {
  canvas.width = WIDTH_PX;
  canvas.height = HEIGHT_PX;
  const context = canvas.getContext('2d');
  if (context === null) return;
  context.filter = 'blur(3.5px) saturate(1.2)';
  setInterval(() => {
    if (document.hidden || video.paused || video.videoWidth === 0) return;
    context.globalCompositeOperation = 'destination-out';
    context.globalAlpha = FRESH;
    context.fillRect(-WIDTH_PX, -HEIGHT_PX, WIDTH_PX * 3, HEIGHT_PX * 3);
    context.globalCompositeOperation = 'lighter';
    context.globalAlpha = FRESH * STRENGTH;
    context.drawImage(video, -4, -4, WIDTH_PX + 8, LIT_PX + 4);
  }, DRAW_MS);
}
