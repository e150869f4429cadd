package chat.milena.standalone.up;

import chat.milena.gateway.device.PushSetup;
import chat.milena.runtime.secret.PushKeys;
import chat.milena.runtime.secret.VapidKeys;
import java.io.IOException;

/// The keys of push in the data folder, which are made when they are first needed.
record PushFiles(DataFolder folder) implements PushSetup.UsualKeys {

    @Override
    public PushKeys pushKeys() throws IOException {
        try {
            return folder.pushKeys();
        } catch (DataFolderException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    @Override
    public VapidKeys vapidKeys() throws IOException {
        try {
            return folder.vapidKeys();
        } catch (DataFolderException e) {
            throw new IOException(e.getMessage(), e);
        }
    }
}
