package chat.milena.push.provider;

import chat.milena.runtime.config.SecretFile;
import chat.milena.runtime.config.Settings;
import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// Keys of providers come from files alone: an environment is shown by too many tools.
final class KeyFile {
    private KeyFile() {}

    /// What `parse` makes of the file that this setting names; null if the setting is not there, or is wrong, which
    /// is noted. Errors name the setting and the file, and never what is in it.
    static <T> @Nullable T read(Settings settings, String name, String content, Parser<T> parse) {
        String file = settings.optionalText(name);
        return file == null ? null : read(settings, name, file, content, parse);
    }

    static <T> @Nullable T read(Settings settings, String name, String file, String content, Parser<T> parse) {
        String text;
        try {
            text = SecretFile.read(Path.of(file));
        } catch (NoSuchFileException e) {
            settings.refuse(name + " names a file that does not exist: " + file);
            return null;
        } catch (IOException | InvalidPathException e) {
            settings.refuse(name + " names a file that cannot be read: " + file);
            return null;
        }
        try {
            return parse.parse(text);
        } catch (Exception e) {
            settings.refuse(name + " names a file that does not hold " + content + ": " + file);
            return null;
        }
    }

    /// Reads a key; any exception says that the text is none.
    @FunctionalInterface
    interface Parser<T> {
        T parse(String text) throws Exception;
    }

    /// A text that must be there because another setting is.
    static String required(Settings settings, String name, String because, String form, String pattern) {
        String text = settings.optionalText(name);
        if (text == null) {
            settings.refuse(name + " must be set, because " + because + " is");
            return "";
        }
        if (!text.matches(pattern)) {
            settings.refuse(name + " must be " + form);
        }
        return text;
    }
}
