// What an answer says no to, wherever in it that stands.

/** Problems and failures of an answer: `{ title, nextStep, code, retry, field, isError }`. */
export function problemsIn(body) {
  const errors = (body?.errors ?? []).map(({ message, extensions, locations }) => ({
    title: message,
    code: extensions?.code,
    location: locations?.[0],
    isError: true,
  }));
  return [...errors, ...within(body?.data)];
}

function within(value) {
  if (value === null || typeof value !== "object") return [];
  if (Array.isArray(value)) return value.flatMap(within);
  if (typeof value.code === "string" && typeof value.message === "string") return [problem(value)];
  return Object.entries(value).flatMap(([key, inner]) =>
    key === "failure" && inner?.title
      ? [problem({ ...inner, message: inner.title })]
      : within(inner),
  );
}

function problem({ message, nextStep, code, retry, field }) {
  return { title: message, nextStep, code, retry, field };
}
