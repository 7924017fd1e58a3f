// What is wrong with generated YAML, a sentence each.
//
//   texts: the files by path
function(texts)
  local isDigest(image) =
    local parts = std.split(image, '@');
    std.length(parts) == 2 && std.startsWith(parts[1], 'sha256:') && std.length(parts[1]) == 7 + 64;

  local rules = {
    'apps/v1 Deployment'(o):
      local containers = o.spec.template.spec.containers;
      local labels = o.spec.template.metadata.labels;
      local wanted = o.spec.selector.matchLabels;
      [
        'replicas is not a number of pods'
        for bad in [o.spec.replicas]
        if !std.isNumber(bad) || bad < 0
      ] + [
        "the label '%s' of the selector is not that of the pods" % label
        for label in std.objectFields(wanted)
        if !std.objectHas(labels, label) || labels[label] != wanted[label]
      ] + (
        if std.length(containers) == 0 then ['it has no container'] else []
      ) + [
        "the image '%s' has no digest, so nobody knows what will run" % container.image
        for container in containers
        if !isDigest(container.image)
      ],
    'batch/v1 Job'(o):
      if o.spec.template.spec.restartPolicy == 'Never' && o.spec.activeDeadlineSeconds > 0
      then [] else ['a hook that never ends holds every deployment up'],
    'v1 Service'(o):
      (if std.length(o.spec.selector) == 0 then ['it selects no pods'] else [])
      + [
        'a port is not a number from 1 to 65535'
        for port in o.spec.ports
        if !std.isNumber(port.port) || port.port < 1 || port.port > 65535
      ],
  };

  std.lines([
    '%s: %s %s: %s.' % [path, object.kind, object.metadata.name, fault]
    for path in std.objectFields(texts)
    for object in std.parseYaml(texts[path])
    for fault in
      local kind = '%s %s' % [object.apiVersion, object.kind];
      if std.objectHasAll(rules, kind)
      then rules[kind](object)
      else ['lib/schema.libsonnet knows no such kind, so add what it must have']
  ])
