/**
 * Promotions between waves: candidates, gates, intake, and the changes of the state ref by holds and rejections. The
 * driver and the explanations come in by {@code PromotionEvaluator}, {@code Candidates} and {@code StateEditor}.
 */
@DefaultAnnotation(NonNull.class)
package io.jenkins.plugins.gitops.promotion;

import edu.umd.cs.findbugs.annotations.DefaultAnnotation;
import edu.umd.cs.findbugs.annotations.NonNull;
