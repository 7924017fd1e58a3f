package hudson.remoting;

import java.nio.channels.ClosedChannelException;

/** The connection to an agent. */
public class Channel {

    /** Whether the connection was lost. */
    public static boolean isClosedChannelException(Throwable failure) {
        return failure != null
                && (failure instanceof ClosedChannelException || isClosedChannelException(failure.getCause()));
    }
}
