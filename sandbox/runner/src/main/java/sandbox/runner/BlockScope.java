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
 */
record BlockScope(String folder, Map<String, String> variables, List<CredentialBinding> credentials)
        implements Serializable {
    static final BlockScope OUTERMOST = new BlockScope(null, Map.of(), List.of());

    BlockScope in(String other) {
        return new BlockScope(other, variables, credentials);
    }

    BlockScope with(Map<String, String> more) {
        Map<String, String> all = new LinkedHashMap<>(variables);
        all.putAll(more);
        return new BlockScope(folder, all, credentials);
    }

    BlockScope with(List<CredentialBinding> more) {
        List<CredentialBinding> all = new ArrayList<>(credentials);
        all.addAll(more);
        return new BlockScope(folder, variables, all);
    }
}
