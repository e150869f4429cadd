package chat.milena.push.policy;

import chat.milena.protocol.call.PushFacts;
import static org.assertj.core.api.Assertions.assertThat;

import chat.milena.push.policy.Decision.Cancel;
import chat.milena.push.policy.Decision.Reason;
import chat.milena.push.policy.Decision.Send;
import chat.milena.protocol.call.PushFacts.Address;
import chat.milena.protocol.call.PushFacts.Content;
import chat.milena.protocol.call.PushFacts.Conversation;
import chat.milena.protocol.call.PushFacts.Message;
import chat.milena.protocol.call.PushFacts.QuietHours;
import chat.milena.protocol.call.PushFacts.Registration;
import chat.milena.protocol.call.PushFacts.Sender;
import chat.milena.protocol.call.PushFacts.Settings;
import chat.milena.protocol.call.PushFacts.Standing;
import chat.milena.push.provider.Notification;
import chat.milena.schemas.avro.PushIntent;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PushPolicyTest {
    private static final Instant NOON = Instant.parse("2026-06-01T12:00:00Z");
    private static final Duration LIFE = Duration.ofHours(24);
    private static final Standing USUAL = new Standing(false, true, false, null, null);

    private final PushIntent intent = intent();
    private String platform = "fcm";
    private boolean registered = true;
    private boolean member = true;
    private boolean direct;
    private boolean muted;
    private @Nullable String conversationLevel;
    private long readUpTo;
    private String level = "all";
    private String preview = "full";
    private @Nullable QuietHours quiet;
    private @Nullable String zone;
    private @Nullable String locale = "en-US";
    private @Nullable String navigate;
    private String tenantRule = "*=full";
    private Instant now = NOON;
    private final List<Message> messages = new ArrayList<>(List.of(message(7, USUAL)));

    private static PushIntent intent() {
        PushIntent intent = new PushIntent();
        intent.setReleases(List.of());
        intent.setTenant("shop");
        intent.setUserId("bob");
        intent.setDeviceId("phone");
        intent.setPlatform("fcm");
        intent.setConversationId("c-1");
        intent.setKind("message");
        intent.setSequenceNumber(7);
        intent.setCount(1);
        intent.setTimestamp(NOON.minusSeconds(2));
        intent.setSince(NOON.minusSeconds(2));
        intent.setAttempt(1);
        return intent;
    }

    private static Message message(long number, Standing standing) {
        return message(number, new Content("text", "Hello"), standing, false);
    }

    private static Message message(long number, Content content, Standing standing, boolean blocked) {
        Sender sender = new Sender("alice", "Alice", blocked);
        return new Message(number, "m" + number, NOON.minusSeconds(2).toEpochMilli(), sender, content, standing, null);
    }

    private void only(Message message) {
        messages.clear();
        messages.add(message);
    }

    private Decision decide() {
        Address address = new Address("k1", "", 0);
        PushFacts facts = new PushFacts(
                registered ? new Registration(platform, address, null, null, locale, zone, null, navigate) : null,
                member ? new Conversation(direct, direct ? null : "Team", muted, conversationLevel, readUpTo) : null,
                new Settings(level, preview, quiet),
                messages,
                5);
        PushPolicy.Rules rules = new PushPolicy.Rules(
                PreviewRules.parse(tenantRule), "Shop", LIFE, "https://chat.test/#/c/{conversationId}");
        return new PushPolicy(rules).decide(intent, facts, "key", now);
    }

    private Notification.Message sent() {
        assertThat(decide()).isInstanceOf(Send.class);
        return (Notification.Message) ((Send) decide()).notification();
    }

    private void cancelled(Reason reason) {
        assertThat(decide()).isEqualTo(new Cancel(reason));
    }

    @Test
    void aTestIsSentWhateverTheUserHasSet() {
        intent.setKind("test");
        intent.setConversationId("");
        member = false;
        level = "none";
        quiet = new QuietHours("00:00", "23:59", null);
        Notification.Message push = sent();
        assertThat(push.alert().title()).isEqualTo("Shop");
        assertThat(push.alert().navigate()).isEqualTo("https://chat.test/");
        assertThat(push.preview()).isEqualTo(Notification.Preview.NONE);
        registered = false;
        cancelled(Reason.NO_REGISTRATION);
    }

    @Test
    void usualMessageIsSent() {
        Notification.Message push = sent();
        assertThat(push.alert().title()).isEqualTo("Alice in Team");
        assertThat(push.alert().body()).isEqualTo("Hello");
        assertThat(push.alert().locale()).isEqualTo("en");
        assertThat(push.alert().navigate()).isEqualTo("https://chat.test/#/c/c-1");
        assertThat(push.count()).isEqualTo(1);
        assertThat(push.unread()).isEqualTo(5);
        assertThat(push.subject().sequenceNumber()).isEqualTo(7);
        assertThat(push.subject().conversationType()).isEqualTo("group");
        assertThat(push.preview().senderId()).isEqualTo("alice");
        assertThat(push.preview().text()).isEqualTo("Hello");
        assertThat(push.handling().urgent()).isFalse();
        assertThat(push.handling().collapseKey()).isEqualTo("key");
        assertThat(push.expiresAt()).isEqualTo(intent.getTimestamp().plus(LIFE));
    }

    @Test
    void readDeletedExpiredAndHiddenMessagesAreNotSent() {
        readUpTo = 7;
        cancelled(Reason.READ);
        readUpTo = 6;
        only(message(7, new Standing(true, true, true, null, null)));
        cancelled(Reason.DELETED);
        only(message(7, new Standing(true, true, false, null, NOON.toEpochMilli())));
        cancelled(Reason.EXPIRED);
        messages.clear();
        cancelled(Reason.HIDDEN);
    }

    @Test
    void mutedConversationIsSilentForMentionsToo() {
        muted = true;
        only(message(7, new Standing(true, true, false, null, null)));
        cancelled(Reason.MUTED);
    }

    /// The level of the conversation stands over that of the user.
    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "all, -, false, true",
                "mentions, -, false, false",
                "mentions, -, true, true",
                "none, -, true, false",
                "none, all, false, true",
                "none, mentions, true, true",
                "all, mentions, false, false",
                "all, none, true, false"
            })
    void levelDecides(String ofUser, @Nullable String ofConversation, boolean mentioned, boolean sent) {
        level = ofUser;
        conversationLevel = ofConversation;
        only(message(7, new Standing(mentioned, true, false, null, null)));
        if (sent) {
            assertThat(sent().handling().urgent()).isEqualTo(mentioned);
        } else {
            cancelled(Reason.LEVEL);
        }
    }

    /// In Berlin summer time begins on 29 March 2026 at 2:00 and ends on 25 October 2026 at 3:00.
    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "22:00, 07:00, -, -, 2026-06-01T21:59:59Z, false",
                "22:00, 07:00, -, -, 2026-06-01T22:00:00Z, true",
                "22:00, 07:00, -, -, 2026-06-02T06:59:59Z, true",
                "22:00, 07:00, -, -, 2026-06-02T07:00:00Z, false",
                "12:00, 13:00, -, -, 2026-06-01T12:30:00Z, true",
                "12:00, 13:00, -, -, 2026-06-01T13:00:00Z, false",
                "22:00, 07:00, Europe/Berlin, America/New_York, 2026-06-01T20:00:00Z, true",
                "22:00, 07:00, -, America/New_York, 2026-06-01T20:00:00Z, false",
                "22:00, 07:00, -, America/New_York, 2026-06-02T02:00:00Z, true",
                "22:00, 07:00, No/Where, Europe/Berlin, 2026-06-01T20:00:00Z, true",
                "22:00, 07:00, Europe/Berlin, -, 2026-03-29T04:59:59Z, true",
                "22:00, 07:00, Europe/Berlin, -, 2026-03-29T05:00:00Z, false",
                "02:15, 02:45, Europe/Berlin, -, 2026-03-29T01:20:00Z, false",
                "02:15, 02:45, Europe/Berlin, -, 2026-10-25T00:20:00Z, true",
                "02:15, 02:45, Europe/Berlin, -, 2026-10-25T01:20:00Z, true",
                "22:00, 07:00, Europe/Berlin, -, 2026-10-25T05:59:59Z, true",
                "22:00, 07:00, Europe/Berlin, -, 2026-10-25T06:00:00Z, false"
            })
    void quietHoursFollowTheClockOnTheWall(
            String from, String to, @Nullable String own, @Nullable String device, String moment, boolean silent) {
        quiet = new QuietHours(from, to, own);
        zone = device;
        now = Instant.parse(moment);
        intent.setTimestamp(now);
        if (silent) {
            cancelled(Reason.QUIET_HOURS);
        } else {
            sent();
        }
    }

    @Test
    void blockedSendersAndForeignThreadsAreLeftOut() {
        only(message(7, new Content("text", "x"), new Standing(true, true, false, null, null), true));
        cancelled(Reason.BLOCKED);
        only(message(7, new Standing(false, false, false, null, null)));
        cancelled(Reason.THREAD_NOT_FOLLOWED);
        only(message(7, new Standing(true, false, false, null, null)));
        sent();
    }

    @Test
    void unwantedMessageHidesNoWantedOne() {
        messages.clear();
        messages.add(message(7, new Standing(false, false, false, null, null)));
        messages.add(message(6, new Standing(false, true, true, null, null)));
        messages.add(message(5, new Content("text", "wanted"), USUAL, false));
        messages.add(message(4, USUAL));
        Notification.Message push = sent();
        assertThat(push.subject().sequenceNumber()).isEqualTo(5);
        assertThat(push.count()).isEqualTo(2);
        assertThat(push.alert().title()).isEqualTo("Team (2)");
        assertThat(push.alert().body()).isEqualTo("Alice: wanted");
    }

    @Test
    void outsidersAndUnknownDevicesAreNotNotified() {
        member = false;
        cancelled(Reason.NOT_MEMBER);
        registered = false;
        cancelled(Reason.NO_REGISTRATION);
        registered = true;
        platform = "apns";
        cancelled(Reason.NO_REGISTRATION);
    }

    @Test
    void oldIntentIsNotSentAndNoPushOutlivesItsMessage() {
        only(message(
                7, new Standing(false, true, false, null, NOON.plusSeconds(9).toEpochMilli())));
        assertThat(sent().expiresAt()).isEqualTo(NOON.plusSeconds(9));
        now = intent.getTimestamp().plus(LIFE);
        cancelled(Reason.TOO_OLD);
    }

    @ParameterizedTest
    @CsvSource({
        "*=full, full, false, 1, Alice in Team, Hello",
        "*=full, full, true, 1, Alice, Hello",
        "*=full, full, true, 3, Alice (3), Hello",
        "*=full, full, false, 3, Team (3), Alice: Hello",
        "*=full, sender, false, 1, Alice in Team, New message",
        "*=full, sender, true, 3, Alice, 3 new messages",
        "*=full, sender, false, 3, Team, 3 new messages",
        "shop=sender;*=full, full, true, 1, Alice, New message",
        "shop=none, full, true, 1, Shop, New message",
        "*=full, none, false, 3, Shop, 3 new messages",
        "*=sender, none, true, 1, Shop, New message",
        "*=full, later, true, 1, Shop, New message"
    })
    void stricterPreviewWins(String ofTenant, String ofUser, boolean isDirect, int count, String title, String body) {
        tenantRule = ofTenant;
        preview = ofUser;
        direct = isDirect;
        messages.clear();
        for (int i = 0; i < count; i++) {
            messages.add(message(7 - i, USUAL));
        }
        Notification.Message push = sent();
        assertThat(push.alert().title()).isEqualTo(title);
        assertThat(push.alert().body()).isEqualTo(body);
        assertThat(push.count()).isEqualTo(count);
        if (!body.contains("Hello")) {
            assertThat(push.preview().text()).isNull();
        }
        if (title.equals("Shop")) {
            assertThat(push.preview()).isEqualTo(Notification.Preview.NONE);
        }
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "image, -, -, Photo",
                "image, Look, de, Look",
                "image, -, de-CH, Foto",
                "file, -, fr, Fichier",
                "location, -, es-MX, Ubicación",
                "voice, -, it, Nuovo messaggio",
                "file, -, tlh, File"
            })
    void otherContentIsNamedInTheLanguageOfTheDevice(
            String type, @Nullable String text, @Nullable String deviceLocale, String body) {
        direct = true;
        locale = deviceLocale;
        only(message(7, new Content(type, text), USUAL, false));
        assertThat(sent().alert().body()).isEqualTo(body);
    }

    @Test
    void countBeyondWhatIsLookedAtIsThatOfTheIntent() {
        messages.clear();
        for (int i = 0; i < PushFacts.MESSAGES_MAX; i++) {
            messages.add(message(100 - i, USUAL));
        }
        intent.setCount(80);
        assertThat(sent().count()).isEqualTo(80);
    }

    @Test
    void directMessageIsUrgentAndOwnPageIsOpened() {
        direct = true;
        navigate = "https://host.test/chat?id={conversationId}";
        assertThat(sent().handling().urgent()).isTrue();
        assertThat(sent().alert().navigate()).isEqualTo("https://host.test/chat?id=c-1");
    }

    @Test
    void readElsewhereBringsTheBadge() {
        intent.setKind("read");
        muted = true;
        quiet = new QuietHours("00:00", "23:59", null);
        messages.clear();
        Instant end = intent.getTimestamp().plus(LIFE);
        assertThat(decide()).isEqualTo(new Send(new Notification.Read("bob", "c-1", 7, 5, end)));
    }
}
