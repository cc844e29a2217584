// Draws the OpenAPI document of this server as a page. Everything is set as text, never as markup.
"use strict";

const methods = ["get", "post", "put", "patch", "delete"];

function element(name, text, ...children) {
    const made = document.createElement(name);
    if (text) made.textContent = text;
    made.append(...children);
    return made;
}

function resolve(spec, schema) {
    const path = schema && schema.$ref;
    return path ? path.slice(2).split("/").reduce((node, key) => node && node[key], spec) : schema;
}

// An example made of the schema: the names and types at a glance.
function sketch(spec, schema, depth = 0) {
    const known = resolve(spec, schema) || {};
    const type = Array.isArray(known.type) ? known.type.find((each) => each !== "null") : known.type;
    if (known.example !== undefined) return known.example;
    if (known.oneOf || known.anyOf) return sketch(spec, (known.oneOf || known.anyOf).find((each) => each.type !== "null"), depth);
    if (depth > 6) return "...";
    if (type === "array") return [sketch(spec, known.items, depth + 1)];
    if (known.properties) {
        return Object.fromEntries(Object.entries(known.properties).map(([name, each]) => [name, sketch(spec, each, depth + 1)]));
    }
    if (known.additionalProperties) return { "...": sketch(spec, known.additionalProperties, depth + 1) };
    return type || "...";
}

function body(spec, title, content) {
    const parts = [];
    for (const [mediaType, { schema }] of Object.entries(content || {})) {
        parts.push(element("h4", `${title}: ${mediaType}`));
        if (schema) parts.push(element("pre", JSON.stringify(sketch(spec, schema), null, 2)));
    }
    return parts;
}

function table(rows) {
    const made = element("table");
    for (const row of rows) {
        made.append(element("tr", "", ...row.map((cell) => element("td", cell))));
    }
    return made;
}

function draw(spec, path, method, operation) {
    const title = element("h3", "", element("span", method.toUpperCase()), " " + path);
    title.firstChild.className = "method";
    const article = element("article", "", title, element("p", operation.summary || ""), element("p", operation.description || ""));
    if (operation.parameters) {
        article.append(element("h4", "Parameters"), table(operation.parameters.map(
            (each) => [each.name, each.in, each.description || ""])));
    }
    if (operation.requestBody) article.append(...body(spec, "Request", operation.requestBody.content));
    article.append(element("h4", "Responses"));
    article.append(table(Object.entries(operation.responses || {}).map(
        ([status, response]) => [status, response.description || "", Object.keys(response.content || {}).join(", ")])));
    article.append(...body(spec, "Response", operation.responses && operation.responses["200"] && operation.responses["200"].content));
    return article;
}

async function load() {
    const main = document.getElementById("operations");
    try {
        const response = await fetch("/openapi/v1.json");
        const spec = await response.json();
        const groups = new Map();
        for (const [path, item] of Object.entries(spec.paths)) {
            for (const method of methods.filter((each) => item[each])) {
                const tag = (item[method].tags || ["Other"])[0];
                if (!groups.has(tag)) groups.set(tag, []);
                groups.get(tag).push(draw(spec, path, method, item[method]));
            }
        }
        main.replaceChildren();
        for (const [tag, articles] of groups) main.append(element("h2", tag), ...articles);
    } catch (error) {
        main.replaceChildren(element("p", `The document could not be loaded: ${error.message}`));
    }
}

load();
