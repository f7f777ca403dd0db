// Pictures for the phone to read: any that this browser can show, and the frames of a screen that the person shares.

import { h } from "./elements.js";

/** As the PNG that the phone reads. */
export async function pngOf(picture) {
  const [width, height] = [picture.videoWidth ?? picture.width, picture.videoHeight ?? picture.height];
  const canvas = h("canvas", { width, height });
  canvas.getContext("2d").drawImage(picture, 0, 0);
  return new Promise((done) => canvas.toBlob(done, "image/png"));
}

/** Hands over one frame after the other, each when the one before was read. Gives the function that ends it, or null. */
export async function watch({ isWanted, seen, ended }) {
  const stream = await navigator.mediaDevices?.getDisplayMedia({ video: true, audio: false }).catch(() => null);
  if (!stream) return null;
  const video = h("video", { muted: true, playsinline: true });
  video.srcObject = stream;
  await video.play();
  let isOver = false;
  const end = () => {
    if (isOver) return;
    isOver = true;
    stream.getTracks().forEach((track) => track.stop());
    ended();
  };
  stream.getVideoTracks()[0].addEventListener("ended", end);
  look();
  return end;

  async function look() {
    while (!isOver && isWanted()) {
      await seen(await pngOf(video)).catch(() => null);
      await new Promise((goOn) => setTimeout(goOn, BETWEEN_LOOKS_MS));
    }
    end();
  }
}

/** A step of the moving QR lasts two seconds. */
const BETWEEN_LOOKS_MS = 300;
