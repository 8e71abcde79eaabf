/** Pictures, speech and transcription in OpenAI's shapes, at the providers that have them. */
import type {
  ImageModelV4,
  ImageModelV4CallOptions,
  ImageModelV4Result,
  SharedV4Warning,
  SpeechModelV4,
  SpeechModelV4CallOptions,
  SpeechModelV4Result,
  TranscriptionModelV4,
  TranscriptionModelV4CallOptions,
  TranscriptionModelV4Result,
} from '@ai-sdk/provider'
import { placeOf, type Place } from './place.ts'
import { post, postJson, type ModelSession } from './post.ts'
import { unsupported } from './prompt.ts'

type Kind = Parameters<typeof placeOf>[1]

/** What the three have in common. */
class MediaModel {
  readonly specificationVersion = 'v4'
  readonly provider = 'valetkey'
  readonly modelId: string
  protected readonly session: ModelSession
  protected readonly place: Place

  constructor(modelId: string, session: ModelSession, kind: Kind) {
    this.modelId = modelId
    this.session = session
    this.place = placeOf(modelId, kind)
  }

  protected responseOf(reply: Response) {
    const headers = Object.fromEntries(reply.headers)
    return { timestamp: new Date(), modelId: this.place.model, headers }
  }
}

export class ValetKeyImageModel extends MediaModel implements ImageModelV4 {
  readonly maxImagesPerCall = 10

  constructor(modelId: string, session: ModelSession) {
    super(modelId, session, 'imageModel')
  }

  /** @throws UnsupportedFunctionalityError for pictures to go from */
  async doGenerate(options: ImageModelV4CallOptions): Promise<ImageModelV4Result> {
    const { prompt, n, size, aspectRatio, seed, files, mask, abortSignal, headers } = options
    if (files?.length || mask) throw unsupported('editing pictures')
    const warnings: SharedV4Warning[] = []
    if (aspectRatio !== undefined)
      warnings.push({ type: 'unsupported', feature: 'aspectRatio', details: 'Give a size.' })
    if (seed !== undefined) warnings.push({ type: 'unsupported', feature: 'seed' })
    const { base, model } = this.place
    // The newer models give data alone and know no such field.
    const format = model.startsWith('gpt-image') ? {} : { response_format: 'b64_json' }
    const reply = await postJson(this.session, {
      url: `${base}/images/generations`,
      body: { model, prompt, n, size, ...format, ...options.providerOptions['valetkey'] },
      ...{ abortSignal, headers },
    })
    const { data } = (await reply.json()) as { data: readonly { readonly b64_json: string }[] }
    return {
      images: data.map(({ b64_json }) => b64_json),
      warnings,
      response: this.responseOf(reply),
    }
  }
}

export class ValetKeySpeechModel extends MediaModel implements SpeechModelV4 {
  constructor(modelId: string, session: ModelSession) {
    super(modelId, session, 'speechModel')
  }

  async doGenerate(options: SpeechModelV4CallOptions): Promise<SpeechModelV4Result> {
    const { text, voice = 'alloy', outputFormat = 'mp3', instructions, speed, language } = options
    const { base, model } = this.place
    const warnings: SharedV4Warning[] = []
    if (language !== undefined) warnings.push({ type: 'unsupported', feature: 'language' })
    const reply = await postJson(this.session, {
      url: `${base}/audio/speech`,
      body: {
        ...{ model, input: text, voice, response_format: outputFormat, instructions, speed },
        ...options.providerOptions?.['valetkey'],
      },
      ...{ abortSignal: options.abortSignal, headers: options.headers },
    })
    return {
      audio: new Uint8Array(await reply.arrayBuffer()),
      warnings,
      response: this.responseOf(reply),
    }
  }
}

interface Transcript {
  readonly text: string
  readonly language?: string
  readonly duration?: number
  readonly segments?: readonly {
    readonly text: string
    readonly start: number
    readonly end: number
  }[]
}

export class ValetKeyTranscriptionModel extends MediaModel implements TranscriptionModelV4 {
  constructor(modelId: string, session: ModelSession) {
    super(modelId, session, 'transcriptionModel')
  }

  async doGenerate(options: TranscriptionModelV4CallOptions): Promise<TranscriptionModelV4Result> {
    const { audio, mediaType, abortSignal, headers } = options
    const { base, model } = this.place
    const bytes =
      typeof audio === 'string'
        ? Uint8Array.from(atob(audio), (letter) => letter.charCodeAt(0))
        : new Uint8Array(audio)
    const form = new FormData()
    form.set('model', model)
    form.set('file', new File([bytes], `audio.${endingOf(mediaType)}`, { type: mediaType }))
    // Times come with one of whisper's formats; the newer models know plain JSON alone.
    form.set('response_format', model.startsWith('whisper') ? 'verbose_json' : 'json')
    for (const [name, value] of Object.entries(options.providerOptions?.['valetkey'] ?? {})) {
      form.set(name, typeof value === 'string' ? value : JSON.stringify(value))
    }
    const reply = await post(
      this.session,
      { url: `${base}/audio/transcriptions`, body: form, abortSignal, headers },
      { model },
    )
    const { text, language, duration, segments = [] } = (await reply.json()) as Transcript
    return {
      ...{ text, language, durationInSeconds: duration, warnings: [] },
      segments: segments.map(({ text: said, start, end }) => ({
        text: said,
        startSecond: start,
        endSecond: end,
      })),
      response: this.responseOf(reply),
    }
  }
}

/** Providers tell the kind of a recording by the ending of its name. */
function endingOf(mediaType: string): string {
  const kind = mediaType.split(/[/;]/)[1]?.replace(/^x-/, '') ?? 'wav'
  return { mpeg: 'mp3', 'mp4a-latm': 'm4a' }[kind] ?? kind
}
