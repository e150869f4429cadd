package chat.milena.gateway.live;

import chat.milena.ephemeral.presence.PresenceStore;

/// The fake answers as Redis does.
class FakeStoreTest extends PresenceStoreContract {
    @Override
    PresenceStore open() {
        return new FakeStore();
    }
}
