package chat.milena.runtime.lifecycle;

import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/// A component that is made only when it is started, because its construction already uses what starts before it.
public final class Deferred<C extends Component> implements Component {
    private final String name;
    private final Callable<C> maker;
    private @Nullable C component;

    /// @param name the name that the component will have
    public Deferred(String name, Callable<C> maker) {
        this.name = name;
        this.maker = maker;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public void start() throws Exception {
        C made = maker.call();
        made.start();
        component = made;
    }

    @Override
    public void stop(Duration within) throws Exception {
        C made = component;
        if (made != null) {
            made.stop(within);
        }
    }
}
