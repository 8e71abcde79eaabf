import type { Plugin } from 'vite'
import type { WxtHooks } from 'wxt'

/** Paths from the project's root. */
export const APPROVED_PACKAGES: string
export function approvedManifest(browser: string): string
export function bundledPackages(browser: string): string

/**
 * Refuses a build in which a dependency reaches further than was approved, or the manifest asks for more.
 * @param root of the project
 */
export function createPolicy(root: string): { plugin: Plugin; hooks: Partial<WxtHooks> }
