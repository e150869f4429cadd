package chat.milena.ephemeral.typing;

import static org.assertj.core.api.Assertions.assertThat;

import chat.milena.schemas.key.ConversationKey;
import chat.milena.schemas.key.UserKey;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class TypingNowTest {
    private static final UserKey ALICE = new UserKey("default", "alice");
    private static final Typist TYPIST = new Typist(ALICE, "c1");

    private static final Duration LIFE = Duration.ofSeconds(5);

    private final TypingNow typing = new TypingNow(100, LIFE);

    @Test
    void endsByItselfFiveSecondsAfterTheLastWord() {
        typing.starts(TYPIST, Set.of("bob"), 0);
        typing.starts(TYPIST, Set.of("carol"), 3_000);

        assertThat(typing.end(7_999)).isEmpty();
        assertThat(typing.end(8_000)).containsExactly(new TypingNow.Ended(TYPIST, Set.of("bob", "carol")));
        assertThat(typing.end(9_000)).isEmpty();
    }

    @Test
    void typingLastsAsLongAsIsConfigured() {
        TypingNow patient = new TypingNow(100, Duration.ofSeconds(9));
        patient.starts(TYPIST, Set.of("bob"), 0);

        assertThat(patient.end(8_999)).isEmpty();
        assertThat(patient.end(9_000)).hasSize(1);
    }

    @Test
    void stopIsForThoseWhoKnewAndForNobodyTwice() {
        typing.starts(TYPIST, Set.of("bob"), 0);

        assertThat(typing.stops(TYPIST)).containsExactly("bob");
        assertThat(typing.stops(TYPIST)).isEmpty();
        assertThat(typing.end(10_000)).isEmpty();
    }

    @Test
    void whoLeftAConversationIsToldNothingOfItAnyLonger() {
        typing.starts(TYPIST, Set.of("bob", "carol"), 0);

        typing.left(new ConversationKey("default", "c1"), List.of("bob"));
        typing.left(new ConversationKey("other", "c1"), List.of("carol"));

        assertThat(typing.typingIn(ALICE, "bob")).isEmpty();
        assertThat(typing.typingIn(ALICE, "carol")).containsExactly("c1");
        assertThat(typing.stops(TYPIST)).containsExactly("carol");
    }

    @Test
    void aBlockEndsWhatEitherSawOfTheOther() {
        UserKey bob = new UserKey("default", "bob");
        Typist bobs = new Typist(bob, "c2");
        typing.starts(TYPIST, Set.of("bob", "carol"), 0);
        typing.starts(bobs, Set.of("alice"), 0);

        assertThat(typing.part(new UserKey("other", "alice"), new UserKey("other", "bob")))
                .isEmpty();
        assertThat(typing.part(bob, ALICE))
                .containsExactlyInAnyOrder(
                        new TypingNow.Ended(TYPIST, Set.of("bob")), new TypingNow.Ended(bobs, Set.of("alice")));
        assertThat(typing.part(bob, ALICE)).as("once").isEmpty();
        assertThat(typing.stops(TYPIST)).as("for others it continues").containsExactly("carol");
    }

    @Test
    void withTooManyAtOnceFurtherOnesAreNotToldAndThoseThatAreGoOn() {
        TypingNow narrow = new TypingNow(1, LIFE);
        Typist other = new Typist(ALICE, "c2");

        assertThat(narrow.starts(TYPIST, Set.of("bob"), 0)).isTrue();
        assertThat(narrow.starts(other, Set.of("bob"), 0)).isFalse();
        assertThat(narrow.starts(TYPIST, Set.of("bob"), 1)).isTrue();
        narrow.stops(TYPIST);
        assertThat(narrow.starts(other, Set.of("bob"), 2)).isTrue();
    }

    @Test
    void whoTypesWhereIsAsAPlainModelSays() {
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        Map<Typist, Long> model = new HashMap<>();
        long now = 0;
        for (int step = 0; step < 5_000; step++) {
            Typist typist = new Typist(new UserKey("default", "u" + random.nextInt(4)), "c" + random.nextInt(4));
            now += random.nextInt(700);
            switch (random.nextInt(3)) {
                case 0 -> {
                    typing.starts(typist, Set.of("bob"), now);
                    model.put(typist, now + LIFE.toMillis());
                }
                case 1 ->
                    assertThat(typing.stops(typist).isEmpty())
                            .as("seed %s step %s", seed, step)
                            .isEqualTo(model.remove(typist) == null);
                default -> {
                    long moment = now;
                    int ended = typing.end(now).size();
                    int before = model.size();
                    model.values().removeIf(until -> until <= moment);
                    assertThat(ended).as("seed %s step %s", seed, step).isEqualTo(before - model.size());
                }
            }
            Set<String> in = new TreeSet<>();
            model.keySet().stream()
                    .filter(one -> one.user().equals(typist.user()))
                    .forEach(one -> in.add(one.conversationId()));
            assertThat(typing.typingIn(typist.user(), "bob"))
                    .as("seed %s step %s", seed, step)
                    .containsExactlyElementsOf(in);
            assertThat(typing.size()).isEqualTo(model.size());
        }
    }
}
