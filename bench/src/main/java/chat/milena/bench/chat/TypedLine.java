package chat.milena.bench.chat;

/// What a typed line asks for. A line that begins with a slash is a command; two slashes begin a text with one.
sealed interface TypedLine {

    /// What may be typed, for people.
    String HELP = """
            TEXT           sends a line
            /reply TEXT    quotes the last line of another
            /thread TEXT   replies in the thread of the last line
            /edit TEXT     changes your last line
            /delete        deletes your last line
            /react EMOJI   adds an emoji to the last line
            /pin           pins the last line
            /names         shows who is here
            /quit          ends, as Ctrl-D does
            //TEXT         sends a line that begins with a slash""";

    record Say(String text) implements TypedLine {}

    record Reply(String text) implements TypedLine {}

    record InThread(String text) implements TypedLine {}

    record Edit(String text) implements TypedLine {}

    record React(String emoji) implements TypedLine {}

    /// A command of one word.
    enum Plain implements TypedLine {
        DELETE,
        PIN,
        NAMES,
        HELP,
        QUIT
    }

    /// Nothing is sent.
    ///
    /// @param hint what to type instead
    record Wrong(String hint) implements TypedLine {}

    static TypedLine of(String line) {
        if (!line.startsWith("/")) {
            return new Say(line);
        }
        if (line.startsWith("//")) {
            return new Say(line.substring(1));
        }
        String[] parts = line.strip().split("\\s+", 2);
        String rest = parts.length == 1 ? "" : parts[1];
        return switch (parts[0]) {
            case "/reply" -> rest.isEmpty() ? needs("/reply TEXT") : new Reply(rest);
            case "/thread" -> rest.isEmpty() ? needs("/thread TEXT") : new InThread(rest);
            case "/edit" -> rest.isEmpty() ? needs("/edit TEXT") : new Edit(rest);
            case "/react" -> rest.isEmpty() ? needs("/react EMOJI") : new React(rest);
            case "/delete" -> plain(Plain.DELETE, parts[0], rest);
            case "/pin" -> plain(Plain.PIN, parts[0], rest);
            case "/names" -> plain(Plain.NAMES, parts[0], rest);
            case "/help" -> plain(Plain.HELP, parts[0], rest);
            case "/quit" -> plain(Plain.QUIT, parts[0], rest);
            default ->
                new Wrong(parts[0] + " is no command; /help lists them, and a second slash before it makes it a text");
        };
    }

    private static TypedLine needs(String usage) {
        return new Wrong("write " + usage);
    }

    private static TypedLine plain(Plain command, String word, String rest) {
        return rest.isEmpty() ? command : new Wrong(word + " stands alone");
    }
}
