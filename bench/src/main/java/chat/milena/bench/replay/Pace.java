package chat.milena.bench.replay;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

/// The due times of the lines of a transcript, counted from the start of the replay.
public sealed interface Pace {

    /// One entry a line, in nanoseconds; `allLines` counts the lines of all files that play together.
    long[] offsetsNanos(Transcript transcript, long allLines);

    /// Full speed: only the in-flight bound delays a line.
    record FullSpeed() implements Pace {
        @Override
        public long[] offsetsNanos(Transcript transcript, long allLines) {
            return new long[transcript.lines().size()];
        }
    }

    /// A number of lines a second for all files together. Each file takes its part evenly, so that all end
    /// together.
    record Rate(double perSecond) implements Pace {
        @Override
        public long[] offsetsNanos(Transcript transcript, long allLines) {
            int lines = transcript.lines().size();
            double share = perSecond * lines / allLines;
            long[] offsets = new long[lines];
            for (int i = 0; i < lines; i++) {
                offsets[i] = (long) (i * 1e9 / share);
            }
            return offsets;
        }
    }

    /// The original times, sped up by `factor`. Every file starts at its own beginning, and lines of one minute
    /// are spread over it.
    record Speed(double factor) implements Pace {
        private static final long MINUTE_NANOS = Duration.ofMinutes(1).toNanos();

        @Override
        public long[] offsetsNanos(Transcript transcript, long allLines) {
            List<Transcript.Line> lines = transcript.lines();
            Instant start = lines.get(0).at();
            long[] offsets = new long[lines.size()];
            int i = 0;
            while (i < lines.size()) {
                Instant minute = lines.get(i).at();
                int end = i;
                while (end < lines.size() && lines.get(end).at().equals(minute)) {
                    end++;
                }
                long from = Math.max(0, Duration.between(start, minute).toNanos());
                for (int k = i; k < end; k++) {
                    double at = from + (double) MINUTE_NANOS * (k - i) / (end - i);
                    offsets[k] = Math.max(k == 0 ? 0 : offsets[k - 1], (long) (at / factor));
                }
                i = end;
            }
            return offsets;
        }
    }
}
