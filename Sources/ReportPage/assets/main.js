"use strict";
const D = JSON.parse(document.getElementById("data").textContent);
const main = document.createElement("main");
main.textContent = D.title;
document.body.append(main);
