// A drawing: nodes as the server made them, words or [tag, attributes, nodes]. Words are only ever text.

import { h } from "vue";

export default {
  props: ["of", "nodes"],
  emits: ["press"],
  methods: {
    draw(node) {
      if (typeof node === "string") return node;
      const [tag, { press, ...attributes }, inside] = node;
      if (press) {
        const on = tag === "input" ? "onChange" : "onClick";
        attributes[on] = (event) => this.$emit("press", press, Boolean(event.target.checked));
      }
      return h(tag, attributes, inside.map(this.draw));
    },
  },
  render() {
    return h(this.of, this.nodes.map(this.draw));
  },
};
