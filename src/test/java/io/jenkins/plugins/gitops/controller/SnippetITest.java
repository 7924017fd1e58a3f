package io.jenkins.plugins.gitops.controller;

import static org.assertj.core.api.Assertions.assertThat;

import groovy.lang.Binding;
import groovy.lang.Closure;
import groovy.lang.GroovyShell;
import groovy.lang.Script;
import hudson.triggers.Trigger;
import io.jenkins.plugins.gitops.steps.AwaitArgoSyncStep;
import io.jenkins.plugins.gitops.steps.CommitConfigStep;
import io.jenkins.plugins.gitops.steps.PromoteWaveStep;
import io.jenkins.plugins.gitops.steps.RecordImageStep;
import io.jenkins.plugins.gitops.steps.ReportCiStatusStep;
import io.jenkins.plugins.gitops.steps.WaitForCiAndMergeStep;
import io.jenkins.plugins.gitops.triggers.ImagesAnnouncedTrigger;
import io.jenkins.plugins.gitops.triggers.WavePromotionTrigger;
import java.net.URL;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.sf.json.JSONObject;
import org.htmlunit.HttpMethod;
import org.htmlunit.WebRequest;
import org.htmlunit.util.NameValuePair;
import org.jenkinsci.plugins.pipeline.modeldefinition.generator.TriggersDirective;
import org.jenkinsci.plugins.structs.describable.DescribableModel;
import org.jenkinsci.plugins.structs.describable.DescribableParameter;
import org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition;
import org.jenkinsci.plugins.workflow.cps.Snippetizer;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.steps.Step;
import org.jenkinsci.plugins.workflow.steps.StepDescriptor;
import org.junit.jupiter.api.Test;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

@WithJenkins
class SnippetITest {

    private static List<StepDescriptor> steps() {
        return StepDescriptor.all().stream()
                .filter(step -> step.clazz.getName().startsWith("io.jenkins.plugins.gitops."))
                .toList();
    }

    /** Takes the call of a step apart. */
    public abstract static class Call extends Script {

        @Override
        public Object invokeMethod(String name, Object arguments) {
            Object[] given = (Object[]) arguments;
            boolean bare = given.length == 0 || given[0] instanceof Closure;
            return new Object[] {name, bare ? Map.of() : given[0]};
        }
    }

    /** The step that a snippet calls. */
    private static Step called(StepDescriptor step, String snippet) throws Exception {
        var asCalls = new org.codehaus.groovy.control.CompilerConfiguration();
        asCalls.setScriptBaseClass(Call.class.getName());
        Object[] call =
                (Object[]) new GroovyShell(Call.class.getClassLoader(), new Binding(), asCalls).evaluate(snippet);
        assertThat(call[0]).isEqualTo(step.getFunctionName());
        Map<String, Object> arguments = new HashMap<>();
        if (call[1] instanceof Map<?, ?> named) {
            named.forEach((name, value) -> arguments.put(name.toString(), value));
        } else {
            arguments.put(
                    DescribableModel.of(step.clazz).getSoleRequiredParameter().getName(), call[1]);
        }
        return step.newInstance(arguments);
    }

    /** Something for each parameter, none of it the default. */
    private static Map<String, Object> everything(DescribableModel<?> model) {
        Map<String, Object> all = new HashMap<>();
        for (DescribableParameter parameter : model.getParameters()) {
            Class<?> type = parameter.getErasedType();
            Object value = "some ${text}\nwith 'quotes'";
            if (type == boolean.class) {
                value = true;
            } else if (type == int.class) {
                value = 3;
            } else if (type == List.class) {
                value = List.of("generated/**", "*.lock");
            } else if (parameter.getName().equals("state")) {
                value = "failure";
            } else if (parameter.getName().equals("schedule")) {
                value = "H 9 * * 1-4";
            }
            all.put(parameter.getName(), value);
        }
        return all;
    }

    @Test
    void everyStepIsTheSameAfterItsSnippet(JenkinsRule jenkins) throws Exception {
        assertThat(steps()).hasSizeGreaterThanOrEqualTo(9);
        for (StepDescriptor step : steps()) {
            Step whole = step.newInstance(everything(DescribableModel.of(step.clazz)));

            Step again = called(step, Snippetizer.object2Groovy(whole));

            assertThat(again)
                    .as(step.getFunctionName())
                    .usingRecursiveComparison()
                    .isEqualTo(whole);
        }
    }

    /** What the page makes of a form. */
    private static String generated(JenkinsRule jenkins, String url, JSONObject form) throws Exception {
        WorkflowJob job = jenkins.jenkins.getItemByFullName("any", WorkflowJob.class);
        if (job == null) {
            job = jenkins.createProject(WorkflowJob.class, "any");
        }
        WebRequest request = new WebRequest(new URL(jenkins.getURL(), job.getUrl() + url), HttpMethod.POST);
        request.setRequestParameters(List.of(new NameValuePair("json", form.toString())));
        JenkinsRule.WebClient browser = jenkins.createWebClient();
        return browser.getPage(browser.addCrumb(request)).getWebResponse().getContentAsString();
    }

    @Test
    void theGeneratorHasEveryStepAndLeavesEmptyFieldsOut(JenkinsRule jenkins) throws Exception {
        String page = jenkins.createWebClient()
                .goTo("pipeline-syntax/", "text/html")
                .getWebResponse()
                .getContentAsString();
        for (StepDescriptor step : steps()) {
            assertThat(page).contains(step.clazz.getName());
            JSONObject form = new JSONObject();
            form.put("stapler-class", step.clazz.getName());
            form.put("$class", step.clazz.getName());
            for (DescribableParameter parameter :
                    DescribableModel.of(step.clazz).getParameters()) {
                if (parameter.getErasedType() == String.class) {
                    form.put(parameter.getName(), parameter.getName().equals("state") ? "success" : "");
                }
            }

            String snippet = generated(jenkins, "pipeline-syntax/generateSnippet", form);

            assertThat(snippet).as(step.getFunctionName()).startsWith(step.getFunctionName());
            assertThat(called(step, snippet)).isInstanceOf(step.clazz);
            assertThat(snippet).doesNotContain("timeout", "degradedFor", "repo:", "message");
        }
    }

    @Test
    void everyParameterIsExplained(JenkinsRule jenkins) {
        List<Class<?>> explained = new ArrayList<>(List.of(ImagesAnnouncedTrigger.class, WavePromotionTrigger.class));
        steps().forEach(step -> explained.add(step.clazz));
        for (Class<?> type : explained) {
            assertThat(type.getResource(type.getSimpleName() + "/help.html"))
                    .as(type.getSimpleName())
                    .isNotNull();
            for (DescribableParameter parameter : DescribableModel.of(type).getParameters()) {
                assertThat(isExplained(type, parameter.getName()))
                        .as("%s, %s", type.getSimpleName(), parameter.getName())
                        .isTrue();
            }
        }
    }

    private static boolean isExplained(Class<?> type, String parameter) {
        for (Class<?> at = type; at != null; at = at.getSuperclass()) {
            if (at.getResource(at.getSimpleName() + "/help-" + parameter + ".html") != null) {
                return true;
            }
        }
        return false;
    }

    @Test
    void everyTriggerIsTheSameAfterItsDirective(JenkinsRule jenkins) throws Exception {
        for (Class<? extends Trigger<?>> type :
                List.<Class<? extends Trigger<?>>>of(ImagesAnnouncedTrigger.class, WavePromotionTrigger.class)) {
            DescribableModel<? extends Trigger<?>> model = DescribableModel.of(type);
            Map<String, Object> whole = everything(model);
            whole.replaceAll((name, value) -> name.equals("schedule") ? value : "some-" + name);
            Trigger<?> trigger = model.instantiate(whole, null);
            String directive = new TriggersDirective(List.of(trigger)).toGroovy(true);
            WorkflowJob job = jenkins.createProject(WorkflowJob.class, type.getSimpleName());
            job.setDefinition(new CpsFlowDefinition(
                    "pipeline {\nagent none\n" + directive + "\nstages { stage('a') { steps { echo 'a' } } }\n}",
                    true));

            jenkins.buildAndAssertSuccess(job);

            assertThat(job.getTriggersJobProperty().getTriggers())
                    .singleElement()
                    .satisfies(made ->
                            assertThat(Snippetizer.object2Groovy(made)).isEqualTo(Snippetizer.object2Groovy(trigger)));
        }
    }

    @Test
    void aParameterThatThereIsNotIsRefused(JenkinsRule jenkins) throws Exception {
        WorkflowJob job = DeliveryFixture.job(jenkins, "a", "releaseWave(wave: 'staging', weave: 'x')");

        jenkins.assertLogContains(
                "releaseWave has no parameter \"weave\"; it takes: repo, timeout, wave.",
                jenkins.buildAndAssertStatus(hudson.model.Result.FAILURE, job));
    }

    @Test
    void writesOnlyWhatIsNotTheDefault(JenkinsRule jenkins) {
        WaitForCiAndMergeStep wait = new WaitForCiAndMergeStep();
        assertThat(Snippetizer.object2Groovy(wait)).isEqualTo("waitForCiAndMerge()");
        wait.setTimeout("30m");
        wait.setEvictOnAbort(true);
        assertThat(Snippetizer.object2Groovy(wait)).isEqualTo("waitForCiAndMerge evictOnAbort: true, timeout: '30m'");

        RecordImageStep record = new RecordImageStep();
        record.setService("Service1");
        record.setTag("1");
        assertThat(Snippetizer.object2Groovy(record)).isEqualTo("recordImage service: 'Service1', tag: '1'");

        assertThat(Snippetizer.object2Groovy(new ReportCiStatusStep("a", "ci/generated", "success")))
                .isEqualTo("reportCiStatus context: 'ci/generated', sha: 'a', state: 'success'");
    }

    @Test
    void writesTheWayToTheNextWave(JenkinsRule jenkins) {
        AwaitArgoSyncStep await = new AwaitArgoSyncStep("staging");
        assertThat(Snippetizer.object2Groovy(await)).isEqualTo("awaitArgoSync 'staging'");
        await.setTimeout("30m");
        assertThat(Snippetizer.object2Groovy(await)).isEqualTo("awaitArgoSync timeout: '30m', wave: 'staging'");

        PromoteWaveStep promote = new PromoteWaveStep();
        promote.setTo("internal");
        promote.setWait(true);
        promote.setRepo("cfg-app");
        assertThat(Snippetizer.object2Groovy(promote))
                .isEqualTo("promoteWave repo: 'cfg-app', to: 'internal', wait: true");
    }

    @Test
    void leavesTheOptionalBlockToTheAuthor(JenkinsRule jenkins) {
        CommitConfigStep commit = new CommitConfigStep();
        commit.setBodyPaths(List.of("generated/**\n\n*.lock"));
        commit.setDryRun(true);

        assertThat(Snippetizer.object2Groovy(commit))
                .isEqualTo("commitConfig bodyPaths: ['generated/**', '*.lock'], dryRun: true");

        PromoteWaveStep promote = new PromoteWaveStep();
        promote.setBodyPaths(List.of("generated/**"));
        assertThat(Snippetizer.object2Groovy(promote)).isEqualTo("promoteWave(bodyPaths: ['generated/**'])");
    }

    @Test
    void takesImagesAsMapAndAsText(JenkinsRule jenkins) throws Exception {
        Map<String, Object> images = Map.of("Service1", Map.of("Tag", "docker.example.com/service1:1"));
        DescribableModel<CommitConfigStep> model = DescribableModel.of(CommitConfigStep.class);

        CommitConfigStep asMap = model.instantiate(Map.of("images", images), null);
        CommitConfigStep asText = model.instantiate(Map.of("images", "{}"), null);

        assertThat(asMap.getImages()).isEqualTo(images);
        assertThat(Snippetizer.object2Groovy(asMap))
                .isEqualTo("commitConfig(images: [Service1: [Tag: 'docker.example.com/service1:1']])");
        assertThat(Snippetizer.object2Groovy(asText)).isEqualTo("commitConfig images: '{}'");
    }
}
