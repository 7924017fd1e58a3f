package io.jenkins.plugins.gitops.steps.base;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Records the folders of workspaces in which the bodies of running steps work, so that each of several bodies in one
 * workspace has its own folder: {@code cfg}, {@code cfg@2} and so on, as Jenkins names workspaces.
 */
final class FolderLeases {

    private static final Set<String> TAKEN = ConcurrentHashMap.newKeySet();

    private FolderLeases() {}

    /**
     * Takes the first folder that is free.
     *
     * @param workspace the node and the path of the workspace
     * @param name the name of the folder if no other body works in it
     * @return the name of the folder
     */
    static String take(String workspace, String name) {
        for (int number = 1; ; number++) {
            String folder = number == 1 ? name : name + "@" + number;
            if (TAKEN.add(key(workspace, folder))) {
                return folder;
            }
        }
    }

    /** Takes a folder that the body had before Jenkins restarted. */
    static void takeAgain(String workspace, String folder) {
        TAKEN.add(key(workspace, folder));
    }

    static void giveBack(String workspace, String folder) {
        TAKEN.remove(key(workspace, folder));
    }

    private static String key(String workspace, String folder) {
        return workspace + "/" + folder;
    }
}
