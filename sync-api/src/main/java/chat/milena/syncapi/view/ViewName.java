package chat.milena.syncapi.view;

import chat.milena.schemas.id.Ids;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// One version of one copy of the views.
///
/// Every copy is complete; instances of one copy share its partitions. A version is built beside the previous one.
///
/// @param copy the permanent name of the copy
/// @param version counts up from 1
public record ViewName(String copy, int version) {
    private static final Pattern APPLICATION = Pattern.compile("views-(.+)-v([1-9][0-9]{0,8})");

    public ViewName {
        if (!Ids.isValid(copy) || version < 1) {
            throw new IllegalArgumentException("A copy's name must be an id, and its version at least 1");
        }
    }

    /// The name of its Streams application.
    public String application() {
        return "views-" + copy + "-v" + version;
    }

    /// Reads the name from [#application()].
    ///
    /// @throws IllegalArgumentException if it is no such name
    public static ViewName parse(String application) {
        Matcher matcher = APPLICATION.matcher(application);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("Not the name of views");
        }
        return new ViewName(matcher.group(1), Integer.parseInt(matcher.group(2)));
    }

    /// The version after this one.
    public ViewName next() {
        return new ViewName(copy, version + 1);
    }
}
