import com.google.gerrit.acceptance.AccountCreator;
import com.google.gerrit.acceptance.GerritServer;
import com.google.gerrit.acceptance.TestAccount;
import com.google.gerrit.acceptance.UseLocalDisk;
import java.io.File;
import org.eclipse.jgit.lib.Config;
import org.junit.rules.TemporaryFolder;
import org.junit.runner.Description;

/**
 * Starts Gerrit in a folder, with the account "bot" beside the administrator, and ends when its input does. It is
 * compiled and run beside Gerrit by RealGerrit, since Gerrit brings its own versions of what the tests use. Prints a
 * line: READY, the URL, the folder, and the passwords of the administrator and of bot.
 */
@UseLocalDisk
final class StartGerrit {

    private StartGerrit() {}

    public static void main(String[] args) throws Exception {
        TemporaryFolder folder = new TemporaryFolder(new File(args[0]));
        folder.create();
        GerritServer server = GerritServer.initAndStart(
                folder,
                GerritServer.Description.forTestClass(Description.createSuiteDescription(StartGerrit.class), ""),
                new Config(),
                null,
                null,
                null);
        AccountCreator accounts = server.getTestInjector().getInstance(AccountCreator.class);
        TestAccount admin = accounts.admin();
        TestAccount bot = accounts.create("bot");
        System.out.println("READY " + server.getUrl() + " " + server.getSitePath() + " " + admin.httpPassword() + " "
                + bot.httpPassword());
        while (System.in.read() >= 0) {
            // Nothing is said to it.
        }
        Runtime.getRuntime().halt(0);
    }
}
