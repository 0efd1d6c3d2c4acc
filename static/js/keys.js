// Keys for those who work lists all day: / searches, j and k walk the rows of [data-rows], Enter opens one, ? lists the keys,
// and a letter shown on a button of the page presses it.
(() => {
  const typing = (element) => element.closest("input, textarea, select, [contenteditable]");
  const links = () => [...document.querySelectorAll("[data-rows] :is(tbody .who, .open)")];

  const walk = (step) => {
    const all = links();
    if (all.length === 0) return false;
    const here = all.indexOf(document.activeElement);
    const next = here < 0 ? (step > 0 ? 0 : all.length - 1) : Math.min(Math.max(here + step, 0), all.length - 1);
    all[next].focus();
    return true;
  };

  const search = () => {
    const field = document.querySelector("main input[type=search]");
    const link = document.querySelector("[data-jump]");
    if (field) field.focus(); else if (link) link.click(); else return false;
    return true;
  };

  const help = () => {
    const sheet = document.getElementById("keys");
    sheet?.togglePopover();
    return Boolean(sheet);
  };

  const press = (key) => {
    const target = /^[a-z]$/.test(key) && document.querySelector(`main [data-key="${key}"]`);
    if (!target) return false;
    if (target.matches("a, button, summary")) target.click(); else target.focus();
    return true;
  };

  const deeds = { "/": search, "j": () => walk(1), "k": () => walk(-1), "?": help };

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || typing(event.target)) return;
    const deed = deeds[event.key] ?? (() => press(event.key));
    if (deed()) event.preventDefault();
  });
})();
