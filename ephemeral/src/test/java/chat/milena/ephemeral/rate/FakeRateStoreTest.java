package chat.milena.ephemeral.rate;

/// The fake counts as Redis does.
class FakeRateStoreTest extends RateStoreContract {
    private final FakeRateStore store = new FakeRateStore(() -> 0);

    @Override
    RateStore open() {
        return store.open();
    }
}
