// One wave. `files` is '<target>/<service>.yaml' and its text; a service without an image in the wave has no file yet.
//
//   name: of the wave
//   digests: its images by service, as images/<wave>/digests.json says
//   replicas: how many of each service run, by target
//   jenkins: where a PostSync hook tells of deployments, as in 'https://jenkins.example.com/gitops-waves'; null for no hook
function(name, digests, replicas, jenkins=null)
  local objects = import 'service.libsonnet';
  local hook = import 'hook.libsonnet';
  local yaml(documents) = std.join('\n', ['---\n' + std.manifestYamlDoc(document, true) for document in documents]);
  local services = ['basket', 'frontend', 'orders'];
  local unknown = std.setDiff(std.objectFields(digests), std.set(services));
  {
    targets: std.objectFields(replicas),
    files: if unknown != [] then
      error "The wave '%s' has an image of '%s', which lib/wave.libsonnet does not know; add it." % [name, unknown[0]]
    else {
      ['%s/%s.yaml' % [target, service]]: yaml(
        objects(service, digests[service], replicas[target])
      )
      for target in std.objectFields(replicas)
      for service in services
      if std.objectHas(digests, service)
    } + {
      [target + '/tell-jenkins.yaml']: yaml([hook(name, target, jenkins)])
      for target in std.objectFields(replicas)
      if jenkins != null && digests != {}
    },
  }
