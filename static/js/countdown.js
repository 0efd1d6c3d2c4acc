// Counts down every element with data-left, the seconds that were left when the page was drawn: the reader's own clock is asked only how much time has passed.
setInterval(() => {
  const now = performance.now();
  for (const time of document.querySelectorAll("[data-left]")) {
    if (time.drawn !== time.dataset.left) {
      time.drawn = time.dataset.left;
      time.until = now + Number(time.dataset.left) * 1000;
    }
    const left = Math.max(0, Math.round((time.until - now) / 1000));
    time.textContent = time.dataset.pattern.replace("{m}", Math.floor(left / 60)).replace("{s}", left % 60);
  }
}, 1000);
