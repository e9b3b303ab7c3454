/** The way of rendering. A higher number has the whole library rendered again, newest and most used first. */
export const currentMethod = 2;
