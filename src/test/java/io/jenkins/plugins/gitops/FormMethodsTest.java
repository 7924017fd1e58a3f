package io.jenkins.plugins.gitops;

import static java.util.stream.Collectors.toCollection;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import hudson.util.ComboBoxModel;
import hudson.util.FormValidation;
import hudson.util.ListBoxModel;
import io.jenkins.plugins.gitops.configuration.base.FormAccess;
import io.jenkins.plugins.gitops.configuration.base.RepositoryPower;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.kohsuke.stapler.verb.GET;
import org.kohsuke.stapler.verb.POST;

/** Every method of the plugin that Stapler calls, found by its name whatever it returns. */
@AnalyzeClasses(packages = "io.jenkins.plugins.gitops", importOptions = ImportOption.DoNotIncludeTests.class)
class FormMethodsTest {

    /** Lists of words of the documentation, which tell nobody anything. */
    private static final Set<String> PUBLIC_WORDS = Set.of(
            "AppRepositoryDefinition$DescriptorImpl.doFillForgeItems",
            "RepositoryDescriptor.doFillAnnouncementsItems",
            "RepositoryDescriptor.doFillLayoutItems",
            "WaveDescriptor.doFillFromItems",
            "WaveDescriptor.doFillIntakeItems",
            "VerificationDefinition$DescriptorImpl.doFillOnFailureItems",
            "RequiredCheckDefinition$DescriptorImpl.doFillSourceItems");

    private static final Set<String> QUESTIONS = Set.of(
            "mayConfigure", "mayAdminister", "checkConfigure", "hasPermission", "checkPermission", "isPermitted");

    private static Stream<JavaMethod> webMethods(JavaClasses classes) {
        return classes.stream()
                .flatMap(type -> type.getMethods().stream())
                .filter(method -> method.getName().matches("do[A-Z].*|do[A-Z]"))
                .filter(method -> method.getModifiers().contains(JavaModifier.PUBLIC))
                .filter(method -> !method.getModifiers().contains(JavaModifier.SYNTHETIC));
    }

    private static String name(JavaMethod method) {
        JavaClass owner = method.getOwner();
        return owner.getName().substring(owner.getPackageName().length() + 1) + "." + method.getName();
    }

    @ArchTest
    static void eachNamesItsVerb(JavaClasses classes) {
        assertThat(webMethods(classes)
                        .filter(method -> !method.isAnnotatedWith(POST.class) && !method.isAnnotatedWith(GET.class))
                        .map(FormMethodsTest::name))
                .as("but the endpoint, which names the verbs of each path, and the search of Jenkins")
                .allMatch(method ->
                        method.equals("WebhookRootAction.doDynamic") || method.equals("DigestSearch.doIndex"));
    }

    @ArchTest
    static void formsCallByPostOnly(JavaClasses classes) {
        List<JavaMethod> ofForms = webMethods(classes)
                .filter(method -> method.getOwner().isAssignableTo("hudson.model.Descriptor"))
                .toList();

        assertThat(ofForms).hasSizeGreaterThan(60).allMatch(method -> method.isAnnotatedWith(POST.class));
        assertThat(ofForms.stream().map(method -> method.getRawReturnType().getName()))
                .as("a test of what forms are answered knows these kinds of answers")
                .containsOnly(
                        FormValidation.class.getName(), ListBoxModel.class.getName(), ComboBoxModel.class.getName());
    }

    @ArchTest
    static void eachAsksForAPermission(JavaClasses classes) {
        var silent = webMethods(classes)
                .filter(method -> !asks(method))
                .map(FormMethodsTest::name)
                .collect(toCollection(TreeSet::new));
        var expected = new TreeSet<>(PUBLIC_WORDS);
        // The proof of a sender takes the place of a permission; Jenkins' search asks for what it finds.
        expected.addAll(Set.of("WebhookRootAction.doDynamic", "DigestSearch.doIndex"));
        silent.removeAll(expected);

        assertThat(silent).isEmpty();
    }

    /** Whether a method asks for a permission, itself or in what it calls of the plugin. */
    private static boolean asks(JavaMethod method) {
        var seen = new HashSet<String>();
        var left = new ArrayDeque<JavaCodeUnit>(List.of(method));
        while (!left.isEmpty()) {
            JavaCodeUnit unit = left.poll();
            if (!seen.add(unit.getFullName())) {
                continue;
            }
            for (var call : unit.getMethodCallsFromSelf()) {
                String owner = call.getTargetOwner().getName();
                if (QUESTIONS.contains(call.getName())
                        && (owner.equals(FormAccess.class.getName())
                                || owner.equals(RepositoryPower.class.getName())
                                || !owner.startsWith("io.jenkins.plugins.gitops"))) {
                    return true;
                }
                if (owner.startsWith("io.jenkins.plugins.gitops")) {
                    call.getTarget().resolveMember().ifPresent(left::add);
                }
            }
        }
        return false;
    }
}
