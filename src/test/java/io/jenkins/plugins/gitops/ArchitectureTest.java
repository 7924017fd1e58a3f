package io.jenkins.plugins.gitops;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** The engine knows nothing of Jenkins, and its packages have one direction. */
@AnalyzeClasses(packages = "io.jenkins.plugins.gitops", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

    private static final String[] ENGINE = {
        "io.jenkins.plugins.gitops.images..",
        "io.jenkins.plugins.gitops.registry..",
        "io.jenkins.plugins.gitops.repo..",
        "io.jenkins.plugins.gitops.delivery..",
        "io.jenkins.plugins.gitops.ci..",
        "io.jenkins.plugins.gitops.argocd..",
        "io.jenkins.plugins.gitops.waves..",
        "io.jenkins.plugins.gitops.errors..",
        "io.jenkins.plugins.gitops.json..",
        "io.jenkins.plugins.gitops.http.."
    };

    /** The world around the plugin, which comes as a library here. */
    private static final String SIMULATORS = "io.jenkins.plugins.gitops.world..";

    @ArchTest
    static final ArchRule THE_ENGINE_KNOWS_NO_JENKINS = noClasses()
            .that()
            .resideInAnyPackage(ENGINE)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("hudson..", "jenkins..", "org.jenkinsci..", "org.kohsuke..", "net.sf.json..")
            .orShould()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "io.jenkins.plugins.gitops.steps..",
                    "io.jenkins.plugins.gitops.configuration..",
                    "io.jenkins.plugins.gitops.pages..",
                    "io.jenkins.plugins.gitops.triggers..",
                    "io.jenkins.plugins.gitops.webhooks..");

    @ArchTest
    static final ArchRule ENDPOINTS_KNOW_NO_SERVER = noClasses()
            .that()
            .resideInAPackage("io.jenkins.plugins.gitops.webhooks..")
            .and()
            .haveNameNotMatching(".*WebhookRootAction.*")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.kohsuke.stapler..", "jakarta.servlet..", "com.sun.net.httpserver..");

    @ArchTest
    static final ArchRule THE_ENGINE_REACHES_FOR_NO_CLOCK = noClasses()
            .that()
            .resideInAnyPackage(ENGINE)
            .should()
            .callMethod(java.time.Instant.class, "now")
            .orShould()
            .callMethod(System.class, "currentTimeMillis")
            .orShould()
            .callMethod(java.time.Clock.class, "systemUTC")
            .orShould()
            .callMethod(Thread.class, "sleep", long.class);

    /** What others send is read as JSON and as git's objects alone, and nothing of it is run. */
    @ArchTest
    static final ArchRule NOTHING_READS_XML_OR_OBJECTS_OR_RUNS_PROGRAMS = noClasses()
            .that()
            .resideOutsideOfPackage(SIMULATORS)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "javax.xml..",
                    "org.w3c.dom..",
                    "org.xml.sax..",
                    "org.yaml..",
                    "javax.script..",
                    "groovy..",
                    "org.codehaus.groovy..")
            .orShould()
            .dependOnClassesThat()
            .belongToAnyOf(
                    java.io.ObjectInputStream.class,
                    java.net.URLClassLoader.class,
                    ProcessBuilder.class,
                    Runtime.class);

    /** A client that is not told otherwise follows redirects to anywhere, or goes around the proxy. */
    @ArchTest
    static final ArchRule NOTHING_OPENS_ADDRESSES_ON_ITS_OWN = noClasses()
            .that()
            .resideOutsideOfPackage(SIMULATORS)
            .should()
            .callMethod(java.net.http.HttpClient.class, "newHttpClient")
            .orShould()
            .callMethod(java.net.URL.class, "openStream")
            .orShould()
            .callMethod(java.net.URL.class, "openConnection");

    @ArchTest
    static final ArchRule PACKAGES_HAVE_NO_CYCLES =
            slices().matching("io.jenkins.plugins.gitops.(*)..").should().beFreeOfCycles();
}
