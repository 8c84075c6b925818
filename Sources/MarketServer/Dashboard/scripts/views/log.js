// What happened on this page: connections, sources, gaps and their repair.

import { button, element } from "../ui/controls.js";

export const view = {
  title: "Log",
  uses: [],
  open(panel) {
    const list = element("ol", { class: "log", tabindex: "0", role: "log", "aria-label": "What happened", "aria-live": "off" });
    panel.body.append(list);
    const draw = () => panel.draw(() => {
      const { clock } = panel;
      list.replaceChildren(...panel.market.entries.toReversed().map(({ time, level, text }) => element("li", { "data-level": level },
        element("time", {}, clock.timeWithSeconds(time)), element("span", {}, text))));
      if (!panel.market.entries.length) list.append(element("li", {}, "Nothing yet."));
    });
    panel.tools.append(button("Status", () => panel.page.openStatus(), { "data-key": "status" }));
    panel.market.events.addEventListener("log", draw);
    panel.onLeave(() => panel.market.events.removeEventListener("log", draw));
    draw();
    return { state: () => panel.market.entries };
  },
};
