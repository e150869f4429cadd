package chat.milena.push;

import chat.milena.push.topology.PushListener;
import chat.milena.schemas.word.PushKind;
import chat.milena.schemas.word.PushPlatform;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Locale;

/// What the push application counts. Safe for all threads.
final class PushMeters implements PushListener {
    private final MeterRegistry meters;
    private final Counter candidates;

    PushMeters(MeterRegistry meters) {
        this.meters = meters;
        this.candidates = Counter.builder("milena.push.candidates")
                .description("Messages that came for registered devices, each counted for each device")
                .register(meters);
        for (Dropped why : Dropped.values()) {
            dropped(why);
        }
        for (PushPlatform platform : PushPlatform.values()) {
            intents(platform.word(), PushKind.MESSAGE.word());
            intents(platform.word(), PushKind.READ.word());
        }
    }

    @Override
    public void onCandidates(int devices) {
        candidates.increment(devices);
    }

    @Override
    public void onDropped(Dropped why, int count) {
        dropped(why).increment(count);
    }

    private Counter dropped(Dropped why) {
        return Counter.builder("milena.push.dropped")
                .description("Messages and intents that are no longer followed, with the reason")
                .tag("reason", why.name().toLowerCase(Locale.ROOT).replace('_', '-'))
                .register(meters);
    }

    @Override
    public void onIntent(String platform, String kind) {
        intents(platform, kind).increment();
    }

    private Counter intents(String platform, String kind) {
        return Counter.builder("milena.push.intents")
                .description("Notifications to be sent")
                .tag("platform", platform)
                .tag("kind", kind)
                .register(meters);
    }
}
