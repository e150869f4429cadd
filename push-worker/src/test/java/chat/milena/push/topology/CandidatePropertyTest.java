package chat.milena.push.topology;

import static org.assertj.core.api.Assertions.assertThat;

import chat.milena.push.pending.Candidate;
import chat.milena.push.pending.CandidateRules;
import chat.milena.push.pending.CandidateRules.Intent;
import chat.milena.push.pending.CandidateRules.Result;
import chat.milena.push.pending.CandidateRules.Step;
import chat.milena.push.pending.CandidateRules.Times;
import chat.milena.push.pending.PendingMessage;
import chat.milena.push.pending.Progress;
import chat.milena.push.pending.Target;
import chat.milena.schemas.avro.PushCandidate;
import chat.milena.schemas.wire.AvroSerde;
import chat.milena.schemas.wire.ShippedSchemas;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Random histories of one conversation: each message is in exactly one intent that ended for each device, unless a
/// rule cancelled it.
class CandidatePropertyTest {
    private static final Times TIMES =
            new Times(Duration.ofSeconds(2), Duration.ofSeconds(5), Duration.ofHours(24), Duration.ofSeconds(30));
    private static final AvroSerde<PushCandidate> SERDE =
            new AvroSerde<>(PushCandidate.class, ShippedSchemas.load(), true);
    private static final List<String> DEVICES = List.of("phone", "tablet", "laptop");
    private static final int STEPS = 400;

    static List<Long> seeds() {
        return new Random(20_261_129).longs(150).boxed().toList();
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void everyMessageIsSentOnceOrCancelled(long seed) {
        History history = new History(new Random(seed));
        for (int i = 0; i < STEPS; i++) {
            history.step();
        }
        history.finish();
    }

    /// An intent that was sent to a device.
    ///
    /// @param messageIds the messages that it covered then
    private record Sent(String deviceId, Intent.Messages intent, List<String> messageIds) {}

    /// A held message.
    ///
    /// @param owed the devices that its release is to notify
    /// @param asked the outstanding intents that may have notified of it
    private record Waiting(Set<String> owed, List<Sent> asked) {}

    private static final class History {
        private final Random random;
        private final CandidateRules rules = new CandidateRules(TIMES);
        private Instant now = Instant.parse("2026-01-01T12:00:00Z");
        private @Nullable Candidate candidate;
        private List<Target> targets = new ArrayList<>();
        private long last;
        private final Map<Long, PendingMessage> messages = new HashMap<>();
        /// The devices that each message is for, without those that a rule cancelled.
        private final Map<Long, Set<String>> owed = new HashMap<>();
        private final List<Sent> outstanding = new ArrayList<>();
        private final List<Sent> ended = new ArrayList<>();
        private final Map<String, Set<String>> accepted = new HashMap<>();
        private final Map<String, Waiting> held = new TreeMap<>();
        private final Set<Long> releases = new HashSet<>();
        private long readUpTo;
        /// The newest message that each device shows, but for those that are not notified of reads.
        private final Map<String, Long> shown = new HashMap<>();

        private History(Random random) {
            this.random = random;
        }

        private void step() {
            switch (random.nextInt(16)) {
                case 0, 1, 2, 3 -> message();
                case 4 -> read();
                case 5 -> delivered();
                case 6 -> delete();
                case 7 -> register();
                case 8, 9, 10 -> answer();
                case 11 -> replace();
                case 12, 13 -> hold();
                case 14 -> release();
                default -> passes(Duration.ofMillis(1 + random.nextInt(12_000)));
            }
            reload();
            check();
        }

        private void message() {
            last += 1 + random.nextInt(2);
            Instant end = random.nextInt(10) == 0 ? now.plusMillis(random.nextInt(5_000)) : null;
            PendingMessage message = new PendingMessage(last, "m" + last, "alice", now, random.nextInt(5) == 0, end);
            messages.put(last, message);
            Set<String> devices = new HashSet<>();
            targets.forEach(target -> devices.add(target.deviceId()));
            owed.put(last, devices);
            if (!targets.isEmpty()) {
                set(rules.onMessage(candidate, message, false, targets, now));
                forgetEarlierReleases();
            }
        }

        /// Of messages that are only counted, a release among them is left out.
        private void forgetEarlierReleases() {
            if (candidate != null) {
                long upTo = candidate.earlier().upTo();
                owed.forEach((number, devices) -> {
                    if (number <= upTo && releases.contains(number)) {
                        devices.clear();
                    }
                });
            }
        }

        private void hold() {
            if (candidate == null
                    || candidate.messages().isEmpty()
                    || candidate.held().size() == Candidate.MESSAGES_MAX) {
                return;
            }
            List<PendingMessage> known = candidate.messages();
            PendingMessage message = known.get(random.nextInt(known.size()));
            List<Sent> asked = outstanding.stream()
                    .filter(sent -> sent.messageIds().contains(message.messageId()))
                    .toList();
            Set<String> devices = owed.getOrDefault(message.sequenceNumber(), Set.of()).stream()
                    .filter(device -> !accepted.getOrDefault(device, Set.of()).contains(message.messageId()))
                    .filter(device -> ended.stream()
                            .noneMatch(sent -> sent.deviceId().equals(device)
                                    && sent.messageIds().contains(message.messageId())))
                    .collect(Collectors.toCollection(HashSet::new));
            held.put(message.messageId(), new Waiting(devices, asked));
            owed.remove(message.sequenceNumber());
            messages.remove(message.sequenceNumber());
            set(rules.onHold(candidate, message.messageId(), now));
        }

        private void release() {
            if (held.isEmpty()) {
                return;
            }
            String messageId = List.copyOf(held.keySet()).get(random.nextInt(held.size()));
            Waiting waiting = Objects.requireNonNull(held.remove(messageId));
            waiting.asked().stream()
                    .filter(outstanding::contains)
                    .forEach(sent -> waiting.owed().remove(sent.deviceId()));
            last++;
            PendingMessage message = new PendingMessage(last, messageId, "alice", now, false, null);
            messages.put(last, message);
            owed.put(last, waiting.owed());
            releases.add(last);
            if (candidate != null) {
                set(rules.onRelease(candidate, message, now));
                forgetEarlierReleases();
            }
        }

        private void read() {
            long upTo = random.nextLong(last + 1);
            readUpTo = Math.max(readUpTo, upTo);
            owed.forEach((number, devices) -> {
                if (number <= upTo) {
                    devices.clear();
                }
            });
            if (candidate != null) {
                set(rules.onRead(candidate, upTo, now));
            }
        }

        private void delivered() {
            long upTo = random.nextLong(last + 1);
            String device = DEVICES.get(random.nextInt(DEVICES.size()));
            owed.forEach((number, devices) -> {
                if (number <= upTo) {
                    devices.remove(device);
                }
            });
            if (candidate != null) {
                set(rules.onDelivered(candidate, device, upTo));
            }
        }

        private void delete() {
            if (last > 0) {
                String messageId = "m" + (1 + random.nextLong(last));
                owed.keySet().removeIf(number -> {
                    PendingMessage message = messages.get(number);
                    return message != null && message.messageId().equals(messageId);
                });
                messages.values().removeIf(message -> message.messageId().equals(messageId));
                held.remove(messageId);
                if (candidate != null) {
                    set(rules.onDeletion(candidate, messageId));
                }
            }
        }

        private void register() {
            String device = DEVICES.get(random.nextInt(DEVICES.size()));
            if (targets.removeIf(target -> target.deviceId().equals(device))) {
                owed.values().forEach(devices -> devices.remove(device));
                held.values().forEach(waiting -> waiting.owed().remove(device));
                outstanding.removeIf(sent -> sent.deviceId().equals(device));
                shown.remove(device);
            } else {
                targets.add(new Target(device, random.nextBoolean() ? "apns" : "webpush", now, null));
            }
            if (candidate != null) {
                set(rules.onDevices(candidate, targets));
            }
        }

        /// A device registers again, on the other platform.
        private void replace() {
            String device = DEVICES.get(random.nextInt(DEVICES.size()));
            targets.replaceAll(target -> target.deviceId().equals(device)
                    ? new Target(
                            device,
                            target.platform().equals("apns") ? "webpush" : "apns",
                            target.since(),
                            target.readAt())
                    : target);
            shown.remove(device);
            if (candidate != null) {
                set(rules.onDevices(candidate, targets));
            }
        }

        private void answer() {
            if (outstanding.isEmpty()) {
                return;
            }
            Sent sent = outstanding.remove(random.nextInt(outstanding.size()));
            Result result = switch (random.nextInt(5)) {
                case 0 -> new Result.Retry(random.nextBoolean() ? null : now.plusMillis(random.nextInt(20_000)));
                case 1 -> new Result.Dropped();
                case 2 -> new Result.Gone();
                default -> new Result.Accepted();
            };
            end(sent, result);
        }

        private void end(Sent sent, Result result) {
            if (result instanceof Result.Accepted || result instanceof Result.Dropped) {
                ended.add(sent);
            }
            if (result instanceof Result.Accepted) {
                sent.messageIds()
                        .forEach(messageId -> assertThat(
                                        accepted.computeIfAbsent(sent.deviceId(), device -> new HashSet<>())
                                                .add(messageId))
                                .as("%s is accepted once for %s", messageId, sent.deviceId())
                                .isTrue());
                held.values().stream()
                        .filter(waiting -> waiting.asked().contains(sent))
                        .forEach(waiting -> waiting.owed().remove(sent.deviceId()));
                if (platform(sent.deviceId()).equals("apns")) {
                    shown.put(sent.deviceId(), sent.intent().newest().sequenceNumber());
                }
            }
            result(sent, result);
            if (random.nextInt(3) == 0) {
                // The sender was killed in between, and wrote another one.
                Candidate before = candidate;
                result(sent, new Result.Accepted());
                assertThat(candidate).isEqualTo(before);
            }
        }

        private String platform(String deviceId) {
            return targets.stream()
                    .filter(target -> target.deviceId().equals(deviceId))
                    .findFirst()
                    .orElseThrow()
                    .platform();
        }

        private void result(Sent sent, Result result) {
            if (candidate != null) {
                Intent.Messages intent = sent.intent();
                set(rules.onResult(
                        candidate, sent.deviceId(), intent.newest().sequenceNumber(), intent.attempt(), result, now));
            }
        }

        private List<Long> covered(Intent.Messages intent) {
            return messages.keySet().stream()
                    .filter(number -> number > intent.afterSequence()
                            && number <= intent.newest().sequenceNumber()
                            && (!releases.contains(number) || intent.releases().contains(number)))
                    .toList();
        }

        private void passes(Duration time) {
            now = now.plus(time);
            Instant wake = candidate == null ? null : candidate.wakeAt(TIMES);
            if (candidate == null || wake == null || wake.isAfter(now)) {
                return;
            }
            owed.forEach((number, devices) -> {
                PendingMessage message = messages.get(number);
                if (message != null
                        && message.expiresAt() != null
                        && !message.expiresAt().isAfter(now)) {
                    devices.clear();
                }
            });
            Step step = rules.onTime(candidate, targets, now);
            step.intents().forEach(this::sent);
            assertThat(step.candidate().wakeAt(TIMES)).isNotEqualTo(wake);
            set(step.candidate());
        }

        private void sent(Intent intent) {
            String device = intent.device().deviceId();
            switch (intent) {
                case Intent.Messages messages -> {
                    assertThat(messages.count()).isPositive();
                    assertThat(messages.afterSequence())
                            .isLessThan(messages.newest().sequenceNumber());
                    outstanding.add(new Sent(
                            device,
                            messages,
                            covered(messages).stream()
                                    .map(number -> Objects.requireNonNull(this.messages.get(number))
                                            .messageId())
                                    .toList()));
                }
                case Intent.Read read -> {
                    Instant before = targets.stream()
                            .filter(target -> target.deviceId().equals(device))
                            .findFirst()
                            .orElseThrow()
                            .readAt();
                    assertThat(before == null || !before.plus(TIMES.readEvery()).isAfter(now))
                            .isTrue();
                    assertThat(read.device().platform()).isEqualTo("apns");
                    shown.computeIfPresent(device, (id, upTo) -> upTo <= read.upTo() ? null : upTo);
                    targets = new ArrayList<>(targets.stream()
                            .map(target -> target.deviceId().equals(device) ? target.withReadAt(now) : target)
                            .toList());
                }
            }
        }

        private void set(Candidate next) {
            candidate = next.isOver() ? null : next;
        }

        /// The process was killed; its state is read again.
        private void reload() {
            if (candidate != null) {
                byte[] bytes = SERDE.serializer().serialize("", CandidateRecords.record(candidate, null));
                Candidate again =
                        CandidateRecords.candidate(SERDE.deserializer().deserialize("", bytes));
                assertThat(again).isEqualTo(candidate);
                candidate = again;
            }
        }

        private void check() {
            shown.forEach((device, upTo) -> assertThat(upTo > readUpTo || isReadDue(device))
                    .as("%s shows %s, read up to %s, and is notified of that", device, upTo, readUpTo)
                    .isTrue());
            if (candidate == null) {
                return;
            }
            assertThat(candidate.messages()).hasSizeLessThanOrEqualTo(Candidate.MESSAGES_MAX);
            assertThat(candidate.devices()).hasSizeLessThanOrEqualTo(DEVICES.size());
            for (Progress device : candidate.devices()) {
                assertThat(device.outstanding() != null && device.dueAt() != null)
                        .isFalse();
            }
        }

        private boolean isReadDue(String deviceId) {
            return candidate != null
                    && candidate.devices().stream()
                            .anyMatch(device -> device.deviceId().equals(deviceId) && device.readDueAt() != null);
        }

        /// From now on everything is accepted.
        private void finish() {
            while (!held.isEmpty()) {
                release();
            }
            for (int i = 0; i < 200; i++) {
                while (!outstanding.isEmpty()) {
                    end(outstanding.removeFirst(), new Result.Accepted());
                }
                passes(Duration.ofSeconds(1));
                check();
            }
            owed.forEach((number, devices) -> devices.forEach(device -> assertThat(ended.stream()
                            .filter(sent -> sent.deviceId().equals(device))
                            .filter(sent -> covered(sent.intent()).contains(number))
                            .count())
                    .as("intents of %s with message %s that ended", device, number)
                    .isEqualTo(1)));
            assertThat(shown)
                    .as("read up to %s", readUpTo)
                    .allSatisfy((device, upTo) -> assertThat(upTo).isGreaterThan(readUpTo));
        }
    }
}
