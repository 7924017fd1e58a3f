package io.jenkins.plugins.gitops.webhooks;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.Extension;
import hudson.model.UnprotectedRootAction;
import hudson.security.csrf.CrumbExclusion;
import io.jenkins.plugins.gitops.triggers.QueueingAnnouncementStarter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.StaplerRequest2;
import org.kohsuke.stapler.StaplerResponse2;

/** The endpoints on a controller. It is unprotected because hooks come from systems that have no user there. */
@Extension
@Restricted(NoExternalUse.class)
public final class WebhookRootAction implements UnprotectedRootAction {

    private final EndpointRouter endpoints = new EndpointRouter(new QueueingAnnouncementStarter());

    @Override
    @CheckForNull
    public String getIconFileName() {
        return null;
    }

    @Override
    @CheckForNull
    public String getDisplayName() {
        return null;
    }

    @Override
    public String getUrlName() {
        return EndpointRouter.ROOT;
    }

    /** Hands a request to the endpoints; they ask for the permission or the secret that it needs. */
    public void doDynamic(StaplerRequest2 request, StaplerResponse2 response) throws IOException {
        WebResponse answer = endpoints.answer(new WebRequest(
                request.getMethod(),
                request.getRestOfPath(),
                request.getQueryString(),
                request::getHeader,
                request.getInputStream()));
        response.setStatus(answer.status());
        response.setContentType(answer.contentType());
        answer.headers().forEach(response::setHeader);
        response.getOutputStream().write(answer.body().getBytes(StandardCharsets.UTF_8));
    }

    /** Hooks know no crumb; no other path is let through. */
    @Extension
    @Restricted(NoExternalUse.class)
    public static final class Crumbs extends CrumbExclusion {

        @Override
        public boolean process(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
                throws IOException, ServletException {
            String path = request.getPathInfo();
            String root = "/" + EndpointRouter.ROOT;
            if (path == null || !path.startsWith(root) || !EndpointRouter.isHook(path.substring(root.length()))) {
                return false;
            }
            chain.doFilter(request, response);
            return true;
        }
    }
}
