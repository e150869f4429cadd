package chat.milena.bench.scenario;

import chat.milena.bench.check.Observer;
import chat.milena.bench.client.CloseReason;
import chat.milena.bench.client.Connection;
import chat.milena.bench.frame.ServerFrame;
import chat.milena.bench.load.Lane;
import chat.milena.bench.load.LoadUser;

/// One client of a herd: it is cut off once, and measured until it is back.
///
/// Its events arrive on its event loop, which holds its state.
final class HerdUser extends LoadUser {
    private final HerdMeter meter;
    private boolean thrown;
    private boolean away;

    HerdUser(Lane lane, Observer observer, HerdMeter meter) {
        super(lane, observer);
        this.meter = meter;
    }

    /// Cuts its socket, from any thread.
    void throwOff() {
        Connection open = connection();
        if (open != null) {
            open.execute(() -> thrown = true);
            open.reset();
        }
    }

    @Override
    protected void connected(ServerFrame.Connected frame, boolean again) {
        if (thrown) {
            thrown = false;
            away = false;
            meter.back(System.nanoTime(), frame.resumed());
        }
    }

    @Override
    public void onDown(Connection source, CloseReason reason, boolean reconnecting) {
        if (!thrown) {
            super.onDown(source, reason, reconnecting);
            return;
        }
        away();
        if (away) {
            meter.refused(reason.toString());
        }
        away = true;
    }

    @Override
    protected void missed(ServerFrame.MessageNew message) {
        meter.missedMessage();
        super.missed(message);
    }
}
