package chat.milena.bench.hostile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import chat.milena.bench.client.UsageFailure;
import java.util.List;
import org.junit.jupiter.api.Test;

class FloodsTest {
    @Test
    void everyKindHasFloodsAndEveryFloodANameOfItsOwn() {
        assertThat(Floods.all()).extracting(Flood::name).doesNotHaveDuplicates();
        assertThat(Floods.all()).extracting(Flood::kind).contains(Flood.Kind.values());
    }

    @Test
    void wordsChooseByKindAndByName() {
        assertThat(Floods.chosen(List.of())).hasSameSizeAs(Floods.all());
        assertThat(Floods.chosen(List.of("s1", "groups")))
                .allMatch(flood ->
                        flood.kind() == Flood.Kind.BODIES || flood.name().equals("groups"))
                .extracting(Flood::name)
                .contains("bodies-announced", "groups")
                .doesNotContain("groups-members");
    }

    @Test
    void wordThatChoosesNothingIsAMistake() {
        assertThatThrownBy(() -> Floods.chosen(List.of("s1", "s99")))
                .isInstanceOf(UsageFailure.class)
                .hasMessageContaining("'s99'")
                .hasMessageContaining("silent");
    }

    @Test
    void roundIsOneFloodOrAllOfAKind() {
        List<Flood> two = Floods.chosen(List.of("s1", "s3"));

        assertThat(Floods.rounds(two, false)).hasSameSizeAs(two);
        assertThat(Floods.rounds(two, true))
                .hasSize(2)
                .allSatisfy(round -> assertThat(round)
                        .extracting(Flood::kind)
                        .containsOnly(round.getFirst().kind()));
    }

    @Test
    void sizesFollowWhatIsAskedForAndWhatCanBeOpened() {
        assertThat(Flood.Size.MANY.connections(5000, 18_000)).isEqualTo(5000);
        assertThat(Flood.Size.SOME.connections(5000, 18_000)).isEqualTo(1000);
        assertThat(Flood.Size.FEW.connections(5000, 18_000)).isEqualTo(20);
        assertThat(Flood.Size.ALL.connections(5000, 18_000)).isEqualTo(18_000);
        assertThat(Flood.Size.SOME.connections(2, 18_000)).isEqualTo(1);
    }
}
