/** Whose pushes a service worker shows: kept where it can read it while no page is open. Nothing else is kept of pushes. */
export interface Owner {
  readonly userId: string;
}

const NAME = "milena push";
const STORE = "owners";

function request<T>(asked: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error ?? new Error("IndexedDB failed"));
  });
}

async function within(mode: IDBTransactionMode, run: (store: IDBObjectStore) => IDBRequest): Promise<unknown> {
  const opening = indexedDB.open(NAME, 1);
  opening.onupgradeneeded = () => opening.result.createObjectStore(STORE);
  const database = await request(opening);
  try {
    return await request(run(database.transaction(STORE, mode).objectStore(STORE)));
  } finally {
    database.close();
  }
}

/** @param scope of the service worker */
export async function ownerOf(scope: string): Promise<Owner | null> {
  return ((await within("readonly", (store) => store.get(scope))) as Owner | undefined) ?? null;
}

export async function setOwner(scope: string, owner: Owner | null): Promise<void> {
  await within("readwrite", (store) => (owner === null ? store.delete(scope) : store.put(owner, scope)));
}
