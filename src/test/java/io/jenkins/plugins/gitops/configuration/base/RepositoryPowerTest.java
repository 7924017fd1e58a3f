package io.jenkins.plugins.gitops.configuration.base;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.mockStatic;
import static org.mockito.Mockito.when;

import hudson.model.Item;
import hudson.model.ItemGroup;
import java.util.Arrays;
import java.util.Set;
import jenkins.model.Jenkins;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.mockito.MockedStatic;

/** Permissions of Jenkins count for every repository, those of a folder for the repositories that name it. */
class RepositoryPowerTest {

    private interface SomeFolder extends Item, ItemGroup<Item> {}

    private final Jenkins root = mock(Jenkins.class);
    private final SomeFolder folder = mock(SomeFolder.class);
    private MockedStatic<Jenkins> jenkins;

    @BeforeEach
    void begin() {
        jenkins = mockStatic(Jenkins.class);
        jenkins.when(Jenkins::get).thenReturn(root);
        when(root.getItemByFullName("acme/shop")).thenReturn(folder);
    }

    @AfterEach
    void end() {
        jenkins.close();
    }

    private static Set<RepositoryPower> permitted(String folder) {
        return Set.copyOf(Arrays.stream(RepositoryPower.values())
                .filter(power -> power.isPermitted(folder))
                .toList());
    }

    @Test
    void whoHasNoPermissionMayNothing() {
        assertThat(permitted(null)).isEmpty();
        assertThat(permitted("acme/shop")).isEmpty();
    }

    @Test
    void aPermissionOnTheFolderCountsForItsRepositoriesOnly() {
        when(folder.hasPermission(GitOpsPermissions.VIEW)).thenReturn(true);

        assertThat(permitted("acme/shop")).containsExactly(RepositoryPower.READ);
        assertThat(permitted("acme/blog")).as("there is no such folder").isEmpty();
        assertThat(permitted(null)).isEmpty();
        assertThat(RepositoryPower.READ.isPermitted())
                .as("for all repositories")
                .isFalse();
    }

    @Test
    void aPermissionOfJenkinsCountsWhateverTheFolderSays() {
        when(root.hasPermission(GitOpsPermissions.APPROVE)).thenReturn(true);

        assertThat(permitted("acme/shop")).containsExactly(RepositoryPower.APPROVE);
        assertThat(permitted(null)).containsExactly(RepositoryPower.APPROVE);
    }

    @Test
    void aJobIsNoFolder() {
        Item job = mock(Item.class);
        when(root.getItemByFullName("acme/job")).thenReturn(job);
        when(job.hasPermission(GitOpsPermissions.VIEW)).thenReturn(true);

        assertThat(permitted("acme/job")).isEmpty();
    }
}
