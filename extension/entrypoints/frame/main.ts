import { startFrame } from '../../bridge/frame.ts'

startFrame()
