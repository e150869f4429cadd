package chat.milena.bench.replay;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.random.RandomGenerator;

/// The moves of a group: the people who leave and join, and at which lines.
///
/// @param outsideAtFirst the people who are not members when the group is created
/// @param moves by line; those of one person alternate between joining and leaving
record ChurnPlan(Set<String> outsideAtFirst, List<Move> moves) {
    static final ChurnPlan NOBODY = new ChurnPlan(Set.of(), List.of());
    private static final int MOVES_EACH_MAX = 6;

    ChurnPlan {
        outsideAtFirst = Set.copyOf(outsideAtFirst);
        moves = List.copyOf(moves);
    }

    /// A person joins or leaves when a line is due.
    record Move(int line, String userId, boolean joins) {}

    Set<String> restless() {
        Set<String> all = new LinkedHashSet<>(outsideAtFirst);
        moves.forEach(move -> all.add(move.userId));
        return all;
    }

    /// Random moves of a fraction of `people`, of whom the first always stays.
    static ChurnPlan of(List<String> people, int lines, double fraction, RandomGenerator random) {
        List<String> candidates = new ArrayList<>(people.subList(1, people.size()));
        shuffle(candidates, random);
        int restless = (int) Math.ceil(candidates.size() * fraction);
        Set<String> outside = new LinkedHashSet<>();
        List<Move> moves = new ArrayList<>();
        for (String userId : candidates.subList(0, restless)) {
            Set<Integer> at = new TreeSet<>();
            for (int i = random.nextInt(2, MOVES_EACH_MAX + 1); i > 0; i--) {
                at.add(random.nextInt(lines));
            }
            boolean joins = random.nextBoolean();
            if (joins) {
                outside.add(userId);
            }
            for (int line : at) {
                moves.add(new Move(line, userId, joins));
                joins = !joins;
            }
        }
        // Stable, so that moves of one person at neighbouring lines keep their order.
        moves.sort(Comparator.comparingInt(Move::line));
        return new ChurnPlan(outside, moves);
    }

    private static void shuffle(List<String> list, RandomGenerator random) {
        for (int i = list.size() - 1; i > 0; i--) {
            Collections.swap(list, i, random.nextInt(i + 1));
        }
    }
}
