package chat.milena.conversation.judge;

import chat.milena.schemas.word.RuleAction;
import chat.milena.schemas.word.RuleKind;
import com.google.re2j.Pattern;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One rule, ready to judge.
sealed interface Rule {
    String name();

    RuleAction action();

    RuleKind kind();

    /// The finding of a message that breaks it.
    default Finding finding() {
        return new Finding(name(), kind(), action());
    }

    /// A rule that the content alone can break.
    sealed interface OfContent extends Rule {
        boolean isBrokenBy(JudgedContent content);
    }

    /// A rule that depends on the sender.
    sealed interface OfSender extends Rule {
        boolean isBrokenBy(SenderFacts sender);
    }

    record WordList(String name, RuleAction action, WordTree words) implements OfContent {
        @Override
        public RuleKind kind() {
            return RuleKind.WORDS;
        }

        @Override
        public boolean isBrokenBy(JudgedContent content) {
            return content.words().stream().flatMap(List::stream).anyMatch(words::isIn);
        }
    }

    record Matching(String name, RuleAction action, Pattern pattern) implements OfContent {
        @Override
        public RuleKind kind() {
            return RuleKind.PATTERN;
        }

        @Override
        public boolean isBrokenBy(JudgedContent content) {
            return content.texts().stream()
                    .anyMatch(text -> pattern.matcher(text).find());
        }
    }

    record AnyLink(String name, RuleAction action) implements OfContent {
        @Override
        public RuleKind kind() {
            return RuleKind.LINKS;
        }

        @Override
        public boolean isBrokenBy(JudgedContent content) {
            return content.hasLink();
        }
    }

    /// A link of somebody whose account is new.
    ///
    /// @param newAccounts up to which age it is
    record LinkOfNewAccount(String name, RuleAction action, Duration newAccounts) implements OfSender {
        @Override
        public RuleKind kind() {
            return RuleKind.LINKS;
        }

        @Override
        public boolean isBrokenBy(SenderFacts sender) {
            return sender.hasLink() && sender.accountAge().compareTo(newAccounts) < 0;
        }
    }

    record Flood(String name, RuleAction action, int messages, Duration within) implements OfSender {
        @Override
        public RuleKind kind() {
            return RuleKind.FLOOD;
        }

        @Override
        public boolean isBrokenBy(SenderFacts sender) {
            return sender.sends(within) >= messages;
        }
    }

    record Repeats(String name, RuleAction action, int times, Duration within) implements OfSender {
        @Override
        public RuleKind kind() {
            return RuleKind.REPEATS;
        }

        @Override
        public boolean isBrokenBy(SenderFacts sender) {
            return sender.repeats(within) >= times;
        }
    }

    /// A rule about links: of everybody, or of new accounts.
    static Rule links(String name, RuleAction action, @Nullable Duration newAccounts) {
        return newAccounts == null ? new AnyLink(name, action) : new LinkOfNewAccount(name, action, newAccounts);
    }
}
