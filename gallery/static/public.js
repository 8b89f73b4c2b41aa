/* The share panel: copying a link, and the device's own share sheet. Without this file the panel
   works by its links alone. */
"use strict";
{
  const panel = document.getElementById("share");
  const status = panel.querySelector("[role=status]");
  const copy = panel.querySelector("[data-copy]");
  const device = panel.querySelector("[data-device]");
  const field = panel.querySelector("input");
  const link = { title: panel.dataset.title, url: panel.dataset.url };
  let file = null;

  const say = (words) => {
    status.textContent = "";
    requestAnimationFrame(() => { status.textContent = words; });
  };

  copy.hidden = !navigator.clipboard;
  copy.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(link.url);
      say("The link is copied.");
    } catch {
      field.select();
      say("Copying was not allowed; the link is selected, copy it from there.");
    }
  });

  /* A press is fresh for a moment only, so the photo is fetched when the panel opens. */
  const fetchPhoto = async () => {
    const answer = await fetch(panel.dataset.file);
    if (!answer.ok) return;
    const photo = new File([await answer.blob()], "photo.jpg", { type: "image/jpeg" });
    if (navigator.canShare({ files: [photo] })) file = photo;
  };

  if (navigator.canShare?.(link)) {
    device.hidden = false;
    device.addEventListener("click", async () => {
      try {
        await navigator.share(file ? { ...link, files: [file] } : link);
      } catch (error) {
        if (error.name !== "AbortError") say("Your device could not share this; copy the link instead.");
      }
    });
    if (panel.dataset.file) {
      panel.addEventListener("toggle", (event) => {
        if (event.newState === "open" && !file) fetchPhoto().catch(() => {});
      });
    }
  }

  field.addEventListener("focus", () => field.select());
}
