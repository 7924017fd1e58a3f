package sandbox.runner;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The folder, variables and credentials that the enclosing blocks set for a step. Credentials are stored as ids, so
 * that no saved program contains a secret.
 *
 * @param folder the folder in which file steps work; null outside {@code node}
 * @param context what the enclosing step of a plugin has put into the context; null if none has
 */
record BlockScope(
        String folder, Map<String, String> variables, List<CredentialBinding> credentials, Serializable context)
        implements Serializable {
    static final BlockScope OUTERMOST = new BlockScope(null, Map.of(), List.of(), null);

    BlockScope in(String other) {
        return new BlockScope(other, variables, credentials, context);
    }

    BlockScope with(Serializable given) {
        return new BlockScope(folder, variables, credentials, given);
    }

    BlockScope with(Map<String, String> more) {
        Map<String, String> all = new LinkedHashMap<>(variables);
        all.putAll(more);
        return new BlockScope(folder, all, credentials, context);
    }

    BlockScope with(List<CredentialBinding> more) {
        List<CredentialBinding> all = new ArrayList<>(credentials);
        all.addAll(more);
        return new BlockScope(folder, variables, all, context);
    }
}
