/** What the house said to a button: all is well, or why not. `status` 0: it could not be reached. */
export interface Outcome {
  ok: boolean;
  words: string;
  status: number;
}

/** Sends a form of the room without leaving it. The house answers JSON to whoever asks for JSON. */
export async function act(form: HTMLFormElement, pressed: HTMLElement | null, get: typeof fetch = (input, init) => fetch(input, init)): Promise<Outcome> {
  try {
    const answer = await get(form.action, {
      method: "POST",
      headers: { Accept: "application/json" },
      body: new FormData(form, pressed),
    });
    const said = (await answer.json().catch(() => ({}))) as { message?: string; errors?: Record<string, string[]> };
    const mistakes = Object.values(said.errors ?? {}).flat();
    return { ok: answer.ok && mistakes.length === 0, words: said.message ?? mistakes.join(" "), status: answer.status };
  } catch {
    return { ok: false, words: "", status: 0 };
  }
}
