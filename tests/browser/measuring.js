// What the tests ask of a page in the browser. Each function answers with a list of findings; none is well.
"use strict";
window.huiminMeasures = (() => {
  const seen = (element) => element.checkVisibility({ checkOpacity: false, checkVisibilityCSS: true }) && element.getClientRects().length > 0;
  const clipped = (element) => { const box = element.getBoundingClientRect(); return box.right < 0 || box.width < 2 || getComputedStyle(element.closest("thead") || element).clipPath !== "none"; };
  const named = (element) => `<${element.tagName.toLowerCase()}${element.className && typeof element.className === "string" ? "." + element.className.trim().replaceAll(/\s+/g, ".") : ""}> ${(element.innerText || element.value || "").trim().slice(0, 40)}`;
  const scrolls = (element) => { for (let one = element; one; one = one.parentElement) { if (["auto", "scroll", "hidden"].includes(getComputedStyle(one).overflowX)) return true; } return false; };
  const texts = function* () {
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      const node = walker.currentNode, parent = node.parentElement;
      if (node.textContent.trim() && !parent.closest("script, style, svg, textarea, option") && seen(parent) && !clipped(parent)) yield [node, parent];
    }
  };
  return {
    overflow() {
      const page = document.documentElement;
      if (page.scrollWidth <= page.clientWidth) return [];
      const wide = [...document.body.querySelectorAll("*")].filter((one) => seen(one) && one.getBoundingClientRect().right > page.clientWidth + 1 && !(one.parentElement && scrolls(one.parentElement)));
      return [`${page.scrollWidth} of ${page.clientWidth} px: ` + wide.slice(-3).map(named).join(" | ")];
    },
    columnsOfLetters() {
      const found = [];
      for (const [node, parent] of texts()) {
        const length = node.textContent.trim().length, range = document.createRange();
        range.selectNodeContents(node);
        const lines = new Set([...range.getClientRects()].filter((box) => box.width > 0).map((box) => Math.round(box.top))).size;
        if (length >= 4 && lines >= 3 && length / lines < 2) found.push(`${lines} lines for ${length} letters: ${named(parent)}`);
      }
      return found;
    },
    headings() {
      const found = [...document.querySelectorAll("h1")].filter(seen);
      return found.length === 1 ? [] : [`${found.length} h1: ${found.map(named).join(" | ")}`];
    },
    letters() {
      // What is to be typed has no language; names, files and what somebody wrote or was sent stand as they are.
      const said = [...texts()].filter(([, parent]) => !parent.closest("code, kbd, [translate=no]")).map(([node]) => node.textContent.trim());
      for (const element of document.querySelectorAll("[aria-label], [title], [alt], [placeholder]")) {
        if (seen(element)) for (const name of ["aria-label", "title", "alt", "placeholder"]) said.push((element.getAttribute(name) || "").trim());
      }
      for (const option of document.querySelectorAll("option")) if (!option.closest("[translate=no]")) said.push(option.textContent.trim());
      return said.concat(document.title).filter(Boolean);
    },
    smallest(pixels) {
      const found = new Set();
      for (const [, parent] of texts()) {
        const size = parseFloat(getComputedStyle(parent).fontSize);
        if (size < pixels - 0.01) found.add(`${size} px: ${named(parent)}`);
      }
      for (const control of document.querySelectorAll("input:not([type=hidden]), select, textarea")) {
        if (seen(control) && parseFloat(getComputedStyle(control).fontSize) < pixels - 0.01) found.add(`${getComputedStyle(control).fontSize}: ${named(control)}`);
      }
      return [...found];
    },
    things() {
      const kinds = "a, button, input:not([type=hidden]), select, textarea, summary, h1, h2, h3, p, li, tr, dt, figure";
      return [...document.querySelectorAll(kinds)].filter((one) => seen(one) && !clipped(one)).length;
    },
    focus() {
      const found = [], summary = document.querySelector(".fault-summary"), answer = document.getElementById("answer");
      const inSight = (element) => { const box = element.getBoundingClientRect(); return box.top >= 0 && box.top < innerHeight - 100; };
      if (summary) {
        if (document.activeElement !== summary) found.push("the summary of faults has not the focus");
        if (!inSight(summary)) found.push("the summary of faults is out of sight");
        for (const link of summary.querySelectorAll("a")) {
          const field = document.querySelector(link.getAttribute("href"));
          if (!field) found.push(`${link.innerText} leads nowhere`);
          else if (!field.getAttribute("aria-describedby")) found.push(`nothing stands beside ${field.name}`);
        }
      }
      if (answer && !inSight(answer.querySelector(".money"))) found.push("the answer is out of sight");
      return found;
    },
    targets() {
      const found = [...document.querySelectorAll("button, [role=button], input:not([type=hidden]):not([type=checkbox]), select, summary")].filter((one) => seen(one) && !clipped(one) && one.getBoundingClientRect().height < 43.5);
      return found.map((one) => `${Math.round(one.getBoundingClientRect().height)} px: ${named(one)}`);
    },
  };
})();
