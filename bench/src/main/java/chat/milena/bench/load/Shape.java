package chat.milena.bench.load;

import chat.milena.bench.client.UsageFailure;

/// The conversations of a load: how many users, how many conversations, and which users are in each.
public sealed interface Shape {
    int users();

    int conversations();

    int membersEach();

    /// The user, by index, at a place of a conversation; place 0 creates it.
    int member(int conversation, int place);

    /// Users in pairs, each in one direct conversation.
    record Pairs(int users) implements Shape {
        public Pairs {
            if (users < 2 || users % 2 != 0) {
                throw new UsageFailure("the users of pairs must be an even number of at least 2");
            }
        }

        @Override
        public int conversations() {
            return users / 2;
        }

        @Override
        public int membersEach() {
            return 2;
        }

        @Override
        public int member(int conversation, int place) {
            return 2 * conversation + place;
        }
    }

    /// Users without a conversation.
    record Loners(int users) implements Shape {
        @Override
        public int conversations() {
            return 0;
        }

        @Override
        public int membersEach() {
            return 1;
        }

        @Override
        public int member(int conversation, int place) {
            throw new IllegalStateException("there is no conversation");
        }
    }

    /// Users who each write to somebody of their own, who is not connected.
    record Writers(int users) implements Shape {
        @Override
        public int conversations() {
            return users;
        }

        @Override
        public int membersEach() {
            return 1;
        }

        @Override
        public int member(int conversation, int place) {
            return conversation;
        }
    }

    /// Groups of one size. Their places go to the users in turn, so that few users are in several groups each.
    record Groups(int conversations, int membersEach, int users) implements Shape {
        private static final int MEMBERS_MAX = 1000;
        private static final int USERS_MAX = 5000;

        public Groups {
            if (conversations < 1) {
                throw new UsageFailure("--groups must be at least 1");
            }
            if (membersEach < 2 || membersEach > MEMBERS_MAX) {
                throw new UsageFailure("--size must be 2 to " + MEMBERS_MAX);
            }
            if (users < membersEach || users > (long) conversations * membersEach) {
                throw new UsageFailure("a load of " + conversations + " groups of " + membersEach + " needs "
                        + membersEach + " to " + (long) conversations * membersEach + " users");
            }
        }

        /// As many users as places, up to 5,000.
        public static Groups distinct(int groups, int size) {
            return new Groups(groups, size, (int) Math.min(USERS_MAX, (long) groups * size));
        }

        @Override
        public int member(int conversation, int place) {
            return (int) (((long) conversation * membersEach + place) % users);
        }
    }
}
