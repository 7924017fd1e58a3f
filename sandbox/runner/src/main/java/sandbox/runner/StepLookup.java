package sandbox.runner;

import groovy.lang.Closure;
import hudson.AbortException;
import hudson.model.Result;
import io.jenkins.plugins.gitops.triggers.ChangeEndedTrigger;
import java.io.File;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import jenkins.model.CauseOfInterruption;
import org.jenkinsci.plugins.workflow.flow.ErrorCondition;
import org.jenkinsci.plugins.workflow.steps.FlowInterruptedException;
import org.jenkinsci.plugins.workflow.steps.Step;
import org.jenkinsci.plugins.workflow.steps.StepDescriptor;
import sandbox.binding.ArgumentBinder;
import sandbox.binding.DescriptorSymbols;
import sandbox.binding.NearestName;

/** Finds and calls a step by its name. */
final class StepLookup {
    private final JenkinsfileProgram program;

    StepLookup(JenkinsfileProgram program) {
        this.program = program;
    }

    Object call(String name, Object... given) throws Throwable {
        if (name.equals("pipeline")) {
            throw new AbortException("Declarative pipelines run on a controller; the sandbox runs scripted ones,"
                    + " beginning with node or stage.");
        }
        StepCallArguments arguments = StepCallArguments.of(name, given);
        if (name.equals("parallel")) {
            return program.state().prelude.parallel(arguments.named());
        }
        BuiltinStep builtin = BuiltinStep.byName(name).orElse(null);
        if (builtin != null) {
            Map<String, Object> named = builtin.named(arguments);
            return builtin.block ? block(builtin, named, arguments.body()) : leaf(builtin, named);
        }
        StepDescriptor descriptor = StepDescriptor.byFunctionName(name);
        if (descriptor != null) {
            return step(descriptor, arguments);
        }
        Class<?> condition =
                DescriptorSymbols.describables(ErrorCondition.class).get(name);
        if (condition != null) {
            String unnamed = ArgumentBinder.onlyParameter(condition).orElse(null);
            return ArgumentBinder.ofValues().bind(name, condition, arguments.byName(unnamed));
        }
        throw unknown(name);
    }

    /** Whether a step, trigger or condition has this name. */
    static boolean isKnown(String name) {
        return known().contains(name);
    }

    private static TreeSet<String> known() {
        TreeSet<String> known = new TreeSet<>(
                DescriptorSymbols.describables(ErrorCondition.class).keySet());
        StepDescriptor.all().forEach(descriptor -> known.add(descriptor.getFunctionName()));
        for (BuiltinStep builtin : BuiltinStep.values()) {
            known.add(builtin.functionName);
        }
        known.add("parallel");
        return known;
    }

    private static AbortException unknown(String name) {
        TreeSet<String> known = known();
        return new AbortException("Step " + name + " is not known"
                + NearestName.of(name, known)
                        .map(near -> "; did you mean " + near + "?")
                        .orElse("; the sandbox knows " + String.join(", ", known) + "."));
    }

    private Object step(StepDescriptor descriptor, StepCallArguments arguments) throws Throwable {
        Step step = descriptor.newInstance(parseArgs(arguments, descriptor));
        return program.start(new StepCall(program, step, program.branch().scope(), arguments.body()));
    }

    /**
     * Binds the arguments of a call. Steps with an optional block search the call stack for a method of this name,
     * which Pipeline has too; the method must not be renamed.
     */
    private static Map<String, Object> parseArgs(StepCallArguments arguments, StepDescriptor descriptor)
            throws AbortException {
        if (arguments.body() != null && !descriptor.takesImplicitBlockArgument()) {
            throw new AbortException("Step " + descriptor.getFunctionName() + " takes no block.");
        }
        return arguments.byName(ArgumentBinder.onlyParameter(descriptor.clazz).orElse(null));
    }

    /** Calls a block step, which is written in Groovy so that its state is part of the saved program. */
    private Object block(BuiltinStep builtin, Map<String, Object> named, Closure<?> body) throws IOException {
        PreludeScript prelude = program.state().prelude;
        return switch (builtin) {
            case CATCH_ERROR -> prelude.catchError(named, body);
            case DIR -> prelude.dir(text(builtin, named, "path"), body);
            case NODE -> prelude.node(named, body);
            case RETRY -> prelude.retry(named, body);
            case STAGE -> prelude.stage(text(builtin, named, "name"), body);
            case TIMEOUT -> prelude.timeout(named, body);
            case WARN_ERROR -> {
                text(builtin, named, "message");
                yield prelude.warnError(named, body);
            }
            case WITH_CREDENTIALS -> prelude.withCredentials(named, body);
            case WITH_ENV -> prelude.withEnv(named, body);
            default -> throw new IllegalStateException(builtin.functionName);
        };
    }

    /** The trigger itself says which outcomes there are. */
    private static void checkOutcomes(Object outcomes) throws AbortException {
        if (outcomes != null && !(outcomes instanceof List)) {
            throw new AbortException("changeEnded takes outcomes: as a list, as in outcomes: ['evicted', 'lost'].");
        }
        try {
            List<?> given = outcomes == null ? List.of() : (List<?>) outcomes;
            new ChangeEndedTrigger()
                    .setOutcomes(given.stream().map(String::valueOf).toList());
        } catch (IllegalArgumentException e) {
            throw new AbortException("changeEnded, " + e.getMessage());
        }
    }

    private Object leaf(BuiltinStep builtin, Map<String, Object> named) throws Throwable {
        switch (builtin) {
            case CRON:
                CronSchedule.check("cron", text(builtin, named, "spec"));
                return builtin.functionName;
            case POLL_SCM:
                CronSchedule.check("pollSCM", text(builtin, named, "scmpoll_spec"));
                return builtin.functionName;
            case CHANGE_ENDED:
                checkOutcomes(named.get("outcomes"));
                return builtin.functionName;
            case DISABLE_CONCURRENT_BUILDS, IMAGES_ANNOUNCED, PIPELINE_TRIGGERS:
                return builtin.functionName;
            case WAVE_PROMOTION:
                text(builtin, named, "from");
                text(builtin, named, "to");
                if (named.get("schedule") != null) {
                    CronSchedule.check("wavePromotion, schedule", text(builtin, named, "schedule"));
                }
                return builtin.functionName;
            case STRING:
                return new CredentialBinding(
                        text(builtin, named, "credentialsId"), null, text(builtin, named, "variable"));
            case USERNAME_PASSWORD:
                return new CredentialBinding(
                        text(builtin, named, "credentialsId"),
                        text(builtin, named, "usernameVariable"),
                        text(builtin, named, "passwordVariable"));
            case CHECKOUT:
                folder(builtin);
                if (!(named.get("scm") instanceof ScmSource scm)) {
                    throw new AbortException("checkout takes scm in the sandbox, which --scm URL[@REF] gives; another"
                            + " repository is cloned with sh 'git clone …'.");
                }
                return program.start(ShellCall.checkout(program, scm));
            case SH:
                folder(builtin);
                return program.start(new ShellCall(program, text(builtin, named, "script"), returns(named)));
            default:
                program.logPipeline(builtin.functionName);
        }
        switch (builtin) {
            case ECHO:
                program.line(String.valueOf(named.get("message")));
                return null;
            case ERROR:
                throw new AbortException(text(builtin, named, "message"));
            case INPUT:
                return input(text(builtin, named, "message"));
            case PROPERTIES:
                program.line("Triggers are for a controller; here a build starts when it is told to");
                if (JobProperties.disablesConcurrentBuilds(named.get("properties"))) {
                    program.run().getParent().disableConcurrentBuilds();
                }
                return null;
            case READ_FILE:
                return readFile(file(builtin, named), charset(named));
            case UNSTABLE:
                program.line("WARNING: " + text(builtin, named, "message"));
                program.run().setResult(Result.UNSTABLE);
                return null;
            case WRITE_FILE:
                Path file = file(builtin, named);
                Files.createDirectories(file.getParent());
                Files.writeString(file, text(builtin, named, "text"), charset(named));
                return null;
            default:
                throw new IllegalStateException(builtin.functionName);
        }
    }

    private static ShellCall.Returns returns(Map<String, Object> named) throws AbortException {
        boolean stdout = Boolean.TRUE.equals(named.get("returnStdout"));
        boolean status = Boolean.TRUE.equals(named.get("returnStatus"));
        if (stdout && status) {
            throw new AbortException("sh takes returnStdout or returnStatus, not both.");
        }
        return stdout ? ShellCall.Returns.STDOUT : status ? ShellCall.Returns.STATUS : ShellCall.Returns.NOTHING;
    }

    private static String readFile(Path file, Charset charset) throws IOException {
        try {
            return Files.readString(file, charset);
        } catch (FileSystemException e) {
            throw new AbortException("There is no file " + file + " to read.");
        }
    }

    private Object input(String message) throws Exception {
        program.line(message);
        switch (program.state().answer) {
            case PROCEED:
                program.line("Approved by the flag --input proceed");
                return null;
            case ABORT:
                throw new FlowInterruptedException(Result.ABORTED, true, new Rejected());
            default:
                throw new AbortException(
                        "input '" + message + "' needs an answer; pass --input proceed or --input abort.");
        }
    }

    private String folder(BuiltinStep step) throws AbortException {
        String folder = program.branch().scope().folder();
        if (folder == null) {
            throw new AbortException("Step " + step.functionName + " needs a workspace; put it into node { … }.");
        }
        return folder;
    }

    private Path file(BuiltinStep step, Map<String, Object> named) throws AbortException {
        return new File(folder(step)).toPath().resolve(text(step, named, "file"));
    }

    private static Charset charset(Map<String, Object> named) {
        Object name = named.get("encoding");
        return name == null ? StandardCharsets.UTF_8 : Charset.forName(name.toString());
    }

    private static String text(BuiltinStep step, Map<String, Object> named, String parameter) throws AbortException {
        if (named.get(parameter) instanceof CharSequence text) {
            return text.toString();
        }
        throw new AbortException("Step " + step.functionName + " needs a text for '" + parameter + "'.");
    }

    private static final class Rejected extends CauseOfInterruption {
        private static final long serialVersionUID = 1L;

        @Override
        public String getShortDescription() {
            return "Rejected by the flag --input abort";
        }
    }
}
