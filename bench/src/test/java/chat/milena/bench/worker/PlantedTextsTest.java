package chat.milena.bench.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class PlantedTextsTest {
    private final PlantedTexts texts = new PlantedTexts(List.of("one", "two", "three"), List.of("buy pills"), 0.1);

    @Test
    void spamIsPlantedAtItsShareAndTheSameEachTime() {
        long spam = LongStream.range(0, 10_000).filter(texts::isSpam).count();

        assertThat(spam).isBetween(900L, 1_100L);
        assertThat(texts.of(17)).isEqualTo(texts.of(17));
    }

    @Test
    void halfOfTheSpamIsDisguisedAndTalkIsAsItWas() {
        List<String> spam = LongStream.range(0, 10_000)
                .filter(texts::isSpam)
                .mapToObj(texts::of)
                .toList();

        assertThat(spam.stream().filter("buy pills"::equals).count())
                .isBetween(spam.size() * 2L / 5, spam.size() * 3L / 5);
        assertThat(LongStream.range(0, 1_000)
                        .filter(number -> !texts.isSpam(number))
                        .mapToObj(texts::of))
                .allMatch(List.of("one", "two", "three")::contains);
    }
}
