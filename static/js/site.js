/* Loaded in the head, before anything is painted. Every page works without it. */
(() => {
  "use strict";
  const root = document.documentElement;
  root.classList.remove("no-js");

  /* The theme is the only thing kept in this browser. Storage may be forbidden: then it lasts a page. */
  const stored = {
    get: () => { try { return localStorage.getItem("theme") || ""; } catch { return ""; } },
    set: (theme) => {
      try {
        if (theme) localStorage.setItem("theme", theme);
        else localStorage.removeItem("theme");
      } catch { /* forbidden */ }
    },
  };
  const paint = (theme) => {
    if (theme) root.dataset.bsTheme = theme;
    else delete root.dataset.bsTheme;
  };
  paint(stored.get());

  document.addEventListener("DOMContentLoaded", () => {
    const themes = document.querySelectorAll("button[data-theme]");
    const press = (theme) => themes.forEach((one) => {
      one.setAttribute("aria-pressed", String(one.dataset.theme === theme));
    });
    press(stored.get());
    themes.forEach((one) => one.addEventListener("click", () => {
      stored.set(one.dataset.theme);
      paint(one.dataset.theme);
      press(one.dataset.theme);
    }));

    document.querySelectorAll("[data-print]").forEach((button) => {
      button.addEventListener("click", () => window.print());
    });

    document.querySelectorAll("[data-copy]").forEach((button) => {
      button.addEventListener("click", async () => {
        const source = document.getElementById(button.dataset.copy);
        source.select();
        try {
          await navigator.clipboard.writeText(source.value);
          document.getElementById(button.dataset.says).textContent = button.dataset.copied;
        } catch { /* not allowed here: the text is selected, ready to be copied by hand */ }
      });
    });

    /* A link to something inside a closed fold opens it. */
    const open = () => {
      const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
      const fold = target && target.closest("details:not([open])");
      if (fold) {
        fold.open = true;
        target.scrollIntoView();
      }
    };
    window.addEventListener("hashchange", open);
    open();

    const summary = document.querySelector("[data-error-summary]");
    if (summary) summary.focus();
  });
})();
