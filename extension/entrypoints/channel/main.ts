import { startChannelFrame } from '../../bridge/channel-frame.ts'

startChannelFrame()
